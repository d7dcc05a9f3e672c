//! `scripts/deploy` against a `gcloud` that writes down what it is asked.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use tempfile::TempDir;

use super::{root, services};

/// Each service has served with its first revision; the next one is the second.
const GCLOUD: &str = r#"#!/bin/sh
echo "$@" >> "$ASKED"
case "$*" in
  "run services describe "*)
    echo "{\"status\": {\"latestCreatedRevisionName\": \"$4-2\", \"traffic\": [{\"revisionName\": \"$4-0\", \"tag\": \"previous\"}, {\"revisionName\": \"$4-1\", \"percent\": 100}]}}" ;;
  "logging read "*) [ -z "$FAILING" ] || echo one ;;
  "run deploy $REFUSED "*) exit 1 ;;
esac
"#;

struct Cloud(TempDir);

impl Cloud {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let gcloud = folder.path().join("gcloud");
        fs::write(&gcloud, GCLOUD).unwrap();
        fs::set_permissions(&gcloud, fs::Permissions::from_mode(0o755)).unwrap();
        let images = services()
            .into_values()
            .map(|it| (it.function.clone(), format!("r/{}@sha256:0", it.function)));
        let images =
            serde_json::json!({ "images": images.collect::<std::collections::BTreeMap<_, _>>() });
        fs::write(folder.path().join("images.json"), images.to_string()).unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Whether it succeeded, and what `gcloud` was asked.
    fn deploy(&self, options: &[&str], variables: &[(&str, &str)]) -> (bool, Vec<String>) {
        let mut command = Command::new("python3");
        command.arg(root().join("scripts/deploy")).args(["--region", "r1"]).args(options);
        let path = format!("{}:/usr/bin:/bin", self.path().display());
        command
            .env("PATH", path)
            .env("ASKED", self.path().join("asked"))
            .envs(variables.iter().copied());
        let done = command.output().unwrap();
        let asked = fs::read_to_string(self.path().join("asked")).unwrap_or_default();
        (done.status.success(), asked.lines().map(ToOwned::to_owned).collect())
    }

    fn images(&self) -> String {
        self.path().join("images.json").display().to_string()
    }
}

/// What became of the traffic of a service.
fn traffic<'a>(asked: &'a [String], service: &str) -> Vec<&'a str> {
    let prefix = format!("run services update-traffic {service} --region=r1 ");
    asked.iter().filter_map(|line| line.strip_prefix(prefix.as_str())).collect()
}

#[test]
fn a_part_of_the_traffic_comes_first_and_then_all_of_it() {
    let cloud = Cloud::new();
    let (good, asked) =
        cloud.deploy(&["--soak-seconds", "0", "--percent", "5", &cloud.images()], &[]);
    assert!(good, "{asked:?}");
    for (service, it) in services() {
        let deployed = format!(
            "run deploy {service} --region=r1 --image=r/{}@sha256:0 --no-traffic --quiet",
            it.function
        );
        assert!(asked.contains(&deployed), "{deployed}");
        let expected = [
            format!("--to-revisions={service}-2=5,{service}-1=95 --quiet"),
            format!("--to-revisions={service}-2=100 --update-tags=previous={service}-1 --quiet"),
        ];
        assert_eq!(traffic(&asked, &service), expected);
    }
    let job = "run jobs update run-import --region=r1 --image=r/run-pipeline@sha256:0 --quiet";
    assert_eq!(asked.last().unwrap(), job);
}

#[test]
fn a_new_revision_that_fails_requests_loses_all_traffic() {
    let cloud = Cloud::new();
    let (good, asked) =
        cloud.deploy(&["--soak-seconds", "0", &cloud.images()], &[("FAILING", "1")]);
    assert!(!good);
    for service in services().into_keys() {
        let last = traffic(&asked, &service).pop().unwrap().to_owned();
        assert_eq!(last, format!("--to-revisions={service}-1=100 --quiet"));
    }
    assert!(!asked.iter().any(|line| line.contains("run jobs update") || line.contains("-2=100")));
}

#[test]
fn a_revision_that_does_not_start_changes_no_traffic() {
    let cloud = Cloud::new();
    let (good, asked) =
        cloud.deploy(&["--soak-seconds", "0", &cloud.images()], &[("REFUSED", "costs")]);
    assert!(!good);
    assert!(!asked.iter().any(|line| line.contains("update-traffic")), "{asked:?}");
}

#[test]
fn rolling_back_sends_every_service_to_what_it_served_before() {
    let cloud = Cloud::new();
    let (good, asked) = cloud.deploy(&["--rollback"], &[]);
    assert!(good);
    for service in services().into_keys() {
        assert_eq!(traffic(&asked, &service), ["--to-tags=previous=100 --quiet"]);
    }
    assert_eq!(asked.len(), services().len());
}
