//! The one table of settings.

use std::{collections::BTreeSet, fs, path::Path};

use convergence::settings::table::{SECTIONS, markdown};

fn names() -> BTreeSet<&'static str> {
    SECTIONS.iter().flat_map(|(_, settings)| *settings).map(|setting| setting.name).collect()
}

/// Every quoted name in capitals in the sources of the settings.
fn asked() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/src/settings");
    let mut asked = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let text = fs::read_to_string(entry.expect("readable").path()).expect("readable");
        let capital = |c: char| c.is_ascii_uppercase() || c == '_';
        asked.extend(
            text.split('"')
                .skip(1)
                .step_by(2)
                .filter(|word| word.len() > 2 && word.chars().all(capital))
                .map(ToOwned::to_owned),
        );
    }
    asked
}

#[test]
fn the_table_holds_what_is_read_and_nothing_else() {
    let asked = asked();
    assert_eq!(names(), asked.iter().map(String::as_str).collect());
}

#[test]
fn no_setting_stands_there_twice() {
    let count: usize = SECTIONS.iter().map(|(_, settings)| settings.len()).sum();
    assert_eq!(count, names().len());
}

/// `UPDATE_DOCS=1` writes the page anew.
#[test]
fn the_page_says_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/SETTINGS.md");
    if crate::update_docs() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, markdown()).expect("written");
    }
    let page = fs::read_to_string(&path).expect("docs/SETTINGS.md is there");
    assert!(page == markdown(), "docs/SETTINGS.md is stale: `UPDATE_DOCS=1 cargo test`");
}
