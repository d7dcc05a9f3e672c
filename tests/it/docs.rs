//! What the documents say is so.

use std::{fs, path::PathBuf, process::Command};

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

const DOCUMENTS: [&str; 10] = [
    "README.md",
    "ARCHITECTURE.md",
    "docs/ADDING_A_PROCESSOR.md",
    "docs/ADDING_A_PROVIDER.md",
    "docs/BENCHMARKS.md",
    "docs/OPERATIONS.md",
    "docs/SETTINGS.md",
    "docs/TESTING.md",
    "frontend/README.md",
    "infra/README.md",
];

#[test]
fn every_command_of_the_readme_exists() {
    let readme = text("README.md");
    let commands: Vec<_> =
        readme.lines().filter_map(|line| line.strip_prefix("convergence ")).collect();
    assert!(commands.len() >= 8, "{commands:?}");
    for command in commands {
        let name = command.split_whitespace().next().unwrap();
        let mut help = Command::new(env!("CARGO_BIN_EXE_convergence-for-tests"));
        let help = help.args(["help", name]).output().unwrap();
        let help = String::from_utf8(help.stdout).unwrap();
        let known = help.contains("Usage: convergence") && help.contains(&format!(" {name} "));
        assert!(known, "{command}: {help}");
        let options = command.split('#').next().unwrap().split_whitespace();
        for option in options.filter(|word| word.starts_with("--")) {
            assert!(help.contains(option), "{command}: no {option}");
        }
    }
}

#[test]
fn every_make_target_of_the_readme_exists() {
    let (readme, makefile) = (text("README.md"), text("Makefile"));
    for target in ["run", "test", "bench"] {
        assert!(readme.contains(&format!("make {target}")), "{target}");
        assert!(makefile.contains(&format!("\n{target}: libraries\n")), "{target}");
    }
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    for document in DOCUMENTS {
        let text = text(document);
        let folder = root().join(document).parent().unwrap().to_owned();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let links =
            links.filter(|link| !link.contains("://")).map(|link| link.split('#').next().unwrap());
        for link in links.filter(|link| !link.is_empty()) {
            let there = [link.to_owned(), format!("{link}.md")];
            assert!(there.iter().any(|link| folder.join(link).exists()), "{document}: {link}");
        }
    }
}

#[test]
fn the_readme_states_the_totals_of_the_sample() {
    let readme = text("README.md");
    for total in ["20.52022672899", "14.97651418586", "20.39090575119", "14.97626039326"] {
        assert!(readme.contains(&format!(" | {total} | ")), "{total}");
    }
}

#[test]
fn the_table_of_what_it_costs_to_run_is_what_the_script_computes() {
    let script = root().join("scripts/cost-of-running");
    let output = Command::new("python3").arg(script).output().unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.lines().count() > 5, "{table}");
    assert!(text("docs/OPERATIONS.md").contains(&table), "put this into OPERATIONS.md:\n{table}");
}
