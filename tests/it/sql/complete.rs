//! No query can be forgotten: the sources are read for every place that makes one.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use convergence::configs::Configs;

use super::{built::BUILDERS, statements::all};

/// What a query's name follows in the sources.
const MAKERS: [&str; 7] = [
    "Query::new(",
    "Question::new(",
    "Question::over(",
    ".ask(",
    ".gone(",
    "of_run(",
    "recompute(",
];

/// The places that get a query's name from others.
const BY_NAME: [&str; 3] = ["costs/source.rs", "pipeline/engine/query.rs", "runs/history.rs"];

/// Every source of the product.
fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
    let mut folders = vec![root.join("shared/src"), root.join("functions")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            // Suites ask queries of their own, and no product sends them.
            if path.is_dir() && !path.ends_with("shared/src/testing") {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// The names of the queries that a source makes; `None` for one that it gets from others.
fn made(source: &str) -> Vec<(&'static str, Option<String>)> {
    let mut names = Vec::new();
    for maker in MAKERS {
        for (at, _) in source.match_indices(maker) {
            // `BigQuery::new(` makes no query.
            if source[..at].ends_with(|before: char| before.is_alphanumeric()) {
                continue;
            }
            let statement = source[at..].split(';').next().unwrap_or_default();
            let arguments = statement[maker.len()..].trim_start();
            let literal = match maker {
                "recompute(" => arguments.split('"').nth(1),
                _ => arguments.strip_prefix('"').and_then(|it| it.split('"').next()),
            };
            names.push((maker, literal.map(str::to_owned)));
        }
    }
    names
}

#[test]
fn every_query_that_the_sources_make_is_judged() {
    let listed: BTreeSet<String> = all(&Configs::embedded())
        .into_iter()
        .map(|statement| statement.name.split(' ').next().unwrap_or_default().to_owned())
        .map(|name| {
            let file = Path::new(&name).extension().is_some_and(|it| it == "prql");
            if file { "transform".to_owned() } else { name }
        })
        .collect();
    let (mut found, mut nameless) = (BTreeSet::new(), Vec::new());
    for path in sources() {
        let text = fs::read_to_string(&path).expect("a source");
        for (maker, name) in made(&text) {
            match name {
                Some(name) => drop(found.insert(name)),
                None if maker == "Query::new(" => nameless.push(path.clone()),
                None => {}
            }
        }
    }
    let forgotten: Vec<_> = found.difference(&listed).collect();
    assert!(forgotten.is_empty(), "add them to the lists of shipped queries: {forgotten:?}");
    let unknown: Vec<_> =
        nameless.iter().filter(|path| !BY_NAME.iter().any(|known| path.ends_with(known))).collect();
    assert!(unknown.is_empty(), "a query without a name that can be read: {unknown:?}");
    assert!(found.len() > 12, "the sources are not read rightly: {found:?}");
}

#[test]
fn every_builder_of_statements_is_judged_and_nothing_else_builds_any() {
    for path in sources() {
        let text = fs::read_to_string(&path).expect("a source");
        if path.ends_with("warehouse/bigquery/sql.rs") {
            let word = |line: &str| line.split(['(', ':', '<', ' ']).next().map(str::to_owned);
            let mut builders: Vec<_> = ["\npub fn ", "\npub const "]
                .iter()
                .flat_map(|public| text.split(public).skip(1).filter_map(word))
                .collect();
            builders.sort_unstable();
            assert_eq!(builders, BUILDERS, "a builder needs its statements in `built`");
        } else if path.components().any(|part| part.as_os_str() == "bigquery") {
            let verbs =
                ["SELECT", "INSERT", "MERGE", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP"];
            let found = verbs.iter().find(|verb| text.contains(&format!("\"{verb} ")));
            assert_eq!(found, None, "{} builds a statement", path.display());
        }
    }
}
