//! Names that `infra/` shares with the code: settings, log messages, indexes.

use std::{collections::BTreeSet, fs, path::Path};

use convergence::settings::table::SECTIONS;

use super::{root, text};

/// Words in capitals with an underscore, and `ENVIRONMENT`.
fn settings_in(text: &str) -> BTreeSet<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let words = code.flat_map(|line| line.split(|c: char| !c.is_ascii_uppercase() && c != '_'));
    words
        .filter(|word| {
            (word.len() > 3 && word.contains('_') && !word.starts_with('_'))
                || *word == "ENVIRONMENT"
        })
        .map(ToOwned::to_owned)
        .collect()
}

fn sources(folder: &Path, found: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_setting_of_a_service_is_one_that_the_code_reads() {
    let known: BTreeSet<_> =
        SECTIONS.iter().flat_map(|(_, settings)| *settings).map(|it| it.name.to_owned()).collect();
    let set = settings_in(&(text("infra/settings.tf") + &text("infra/secrets.tf")));
    assert!(set.contains("STORE_URL") && set.contains("HASH_KEY"), "{set:?}");
    assert!(set.is_subset(&known), "{:?}", set.difference(&known).collect::<Vec<_>>());
}

#[test]
fn every_backend_of_a_service_is_set() {
    let set = settings_in(&text("infra/settings.tf"));
    for backend in ["STORE_URL", "WAREHOUSE_URL", "QUEUE_URL", "KMS_URL", "FILES_URL"] {
        assert!(set.contains(backend), "{backend}");
    }
}

#[test]
fn every_message_that_is_counted_is_one_that_the_code_logs() {
    let mut code = String::new();
    sources(&root().join("shared/src"), &mut code);
    let metrics = text("infra/metrics.tf");
    let messages: Vec<_> = metrics
        .lines()
        .filter_map(|line| line.trim().strip_prefix("message = \"")?.strip_suffix('"'))
        .collect();
    assert!(messages.len() >= 4, "{messages:?}");
    for message in messages {
        assert!(code.contains(&format!("\"{message}\"")), "nobody logs `{message}`");
    }
}
