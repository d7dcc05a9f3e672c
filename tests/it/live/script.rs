//! `scripts/live` before a stand-in of a project: what it says, makes and removes.

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Output},
};

/// The script where `absent` fails, and what it asked for.
fn live(arguments: &[&str], absent: &str) -> (Output, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["gcloud", "bq", "curl", "cargo"] {
        symlink(tests.join("it/live/stand_in.sh"), folder.path().join(name)).expect("a link");
    }
    let log = folder.path().join("log");
    fs::write(&log, "").expect("a log");
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", folder.path().display());
    let output = Command::new(tests.join("../scripts/live"))
        .args(arguments)
        .env("PATH", path)
        .env("LOG", &log)
        .env("ABSENT", absent)
        .output()
        .expect("it runs");
    let asked = fs::read_to_string(&log).expect("a log").lines().map(str::to_owned).collect();
    (output, asked)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Those of the commands that make or remove something.
fn changes(asked: &[String]) -> Vec<&str> {
    let verbs = [" create ", " delete ", " rm "];
    let changes = asked.iter().filter(|it| verbs.iter().any(|verb| it.contains(verb)));
    changes.map(String::as_str).filter(|it| !it.contains("composite create")).collect()
}

#[test]
fn what_was_made_is_removed_although_the_suites_fail() {
    let (output, asked) = live(&["p"], "nothing at all");
    assert_eq!(output.status.code(), Some(101), "the suites' own status: {}", said(&output));
    let changes = changes(&asked);
    let made = changes.iter().filter(|it| it.contains(" create ")).count();
    assert_eq!(made, 4, "a database, a topic, its subscription, a bucket: {changes:#?}");
    let removed: Vec<_> = changes[made..].iter().map(|it| &it[..13]).collect();
    assert_eq!(
        removed,
        ["gcloud storag", "gcloud pubsub", "gcloud pubsub", "gcloud firest", "bq rm -r -f -"]
    );
    assert!(changes.last().is_some_and(|it| it.ends_with("p:suite_a_stage")), "{changes:#?}");
}

#[test]
fn what_was_made_is_removed_where_the_rest_cannot_be() {
    let (output, asked) = live(&["p"], "storage buckets create");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("making what the suites need failed"), "{}", said(&output));
    let changes = changes(&asked);
    assert!(!changes.iter().any(|it| it.contains("storage rm")), "{changes:#?}");
    assert!(changes.iter().any(|it| it.contains("databases delete")), "{changes:#?}");
    assert!(!asked.iter().any(|it| it.starts_with("cargo")), "no suite runs: {asked:#?}");
}

#[test]
fn all_that_is_missing_is_said_before_anything_is_made() {
    for (arguments, absent, says) in [
        (&[][..], "nothing at all", "make live PROJECT="),
        (&["p"], "auth list", "gcloud auth login"),
        (&["p"], "application-default", "gcloud auth application-default login"),
        (&["p"], "projects describe", "access to the project p"),
        (&["p"], "services list", "gcloud services enable bigquery.googleapis.com"),
        (&["p"], "testIamPermissions", "permissions of the credentials for programs: bigquery."),
    ] {
        let (output, asked) = live(arguments, absent);
        assert_eq!(output.status.code(), Some(1), "{absent}");
        assert!(said(&output).contains(says), "{absent}: {}", said(&output));
        assert_eq!(changes(&asked), [""; 0], "{absent}");
    }
}
