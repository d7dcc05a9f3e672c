//! The file that builds and deploys, and the image.

use std::{collections::BTreeMap, os::unix::fs::PermissionsExt as _};

use serde::Deserialize;

use super::{root, text};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Build {
    substitutions: BTreeMap<String, String>,
    options: Options,
    timeout: String,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Options {
    machine_type: String,
    logging: String,
    dynamic_substitutions: bool,
    automap_substitutions: bool,
    env: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Step {
    id: String,
    name: String,
    #[serde(default)]
    wait_for: Vec<String>,
    entrypoint: String,
    args: Vec<String>,
}

fn build() -> Build {
    serde_saphyr::from_str(&text("cloudbuild.yaml")).expect("cloudbuild.yaml")
}

/// The names after `$` in a script, of Cloud Build's (`$$` is the shell's).
fn substitutions(script: &str) -> Vec<String> {
    let names = script.replace("$$", "").replace("${", "$");
    let names = names.split('$').skip(1).map(|rest| {
        rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap().to_owned()
    });
    names.filter(|name| name.starts_with(|c: char| c == '_' || c.is_ascii_uppercase())).collect()
}

#[test]
fn the_build_says_what_every_step_needs() {
    let Build { substitutions: declared, options, timeout, steps } = build();
    assert!(
        options.dynamic_substitutions && options.automap_substitutions,
        "$_NAME is in the environment"
    );
    assert_eq!(
        (options.machine_type.as_str(), options.logging.as_str()),
        ("E2_HIGHCPU_32", "CLOUD_LOGGING_ONLY")
    );
    assert!(timeout.ends_with('s') && options.env.iter().all(|it| it.starts_with("TF_")));
    let mut before = vec!["-".to_owned()];
    for step in steps {
        for earlier in &step.wait_for {
            assert!(before.contains(earlier), "{} waits for {earlier}", step.id);
        }
        assert!(
            !step.name.ends_with(":latest") && ["bash", "sh"].contains(&step.entrypoint.as_str())
        );
        for name in substitutions(&step.args.join("\n")) {
            let known = declared.contains_key(&name) || name == "COMMIT_SHA";
            assert!(known, "{}: ${name} is declared nowhere", step.id);
        }
        before.push(step.id);
    }
}

#[test]
fn every_script_of_the_build_can_be_run() {
    let text = text("cloudbuild.yaml") + &text("Makefile");
    let words = text.split_whitespace().filter(|word| word.starts_with("scripts/"));
    let scripts: Vec<_> = words.collect();
    assert!(scripts.contains(&"scripts/deploy") && scripts.contains(&"scripts/images"));
    for script in scripts {
        let mode = root().join(script).metadata().expect(script).permissions().mode();
        assert_ne!(mode & 0o111, 0, "{script} is no program");
    }
}

/// A test whose emulator is missing fails there, and nothing that emulators need is missing.
#[test]
fn no_test_is_skipped_in_the_build() {
    let steps = build().steps;
    let test = steps.iter().find(|step| step.id == "test").unwrap().args.join("\n");
    assert!(text(".ci/run").contains("export EMULATORS=required\nexec make test\n"));
    assert!(test.ends_with(".ci/run\n"), "{test}");
    let emulators = text("scripts/emulators");
    let go = emulators.split("go.dev/dl/go").nth(1).unwrap().split(".linux").next().unwrap();
    let firestore = "google-cloud-cli-firestore-emulator";
    let google = [firestore, "google-cloud-cli-pubsub-emulator", "default-jre-headless"];
    for needed in
        google.into_iter().chain(["golang", "npm", "python3-venv", &format!("GOTOOLCHAIN=go{go}")])
    {
        assert!(test.contains(needed), "{needed} is missing: {test}");
    }
}

#[test]
fn nothing_is_applied_or_deployed_while_planning() {
    for step in build().steps {
        let script = step.args.join("\n");
        let changes = ["terraform apply", "scripts/deploy"].iter().any(|it| script.contains(it));
        let guarded =
            script.contains(r#"[ "$_DO" = deploy ]"#) || script.contains("deploy) scripts/deploy");
        assert!(!changes || guarded, "{}", step.id);
    }
}

#[test]
fn the_image_is_made_with_our_toolchain_and_runs_as_nobody() {
    let image = text("Dockerfile");
    assert!(image.contains("\nUSER 65532:65532\n") && image.contains("--profile image"));
    let version = text("rust-toolchain.toml");
    let version = version.lines().find_map(|line| line.strip_prefix("channel = ")).unwrap();
    let toolchain = format!("\nARG TOOLCHAIN=rust:{}-", version.trim_matches('"'));
    assert!(image.contains(&toolchain), "{toolchain}");
}

/// As the registries answer: every tag has the same digest, and one image is there already.
const DOCKER: &str = r#"#!/bin/sh
echo "$@" >> "$ASKED"
case "$*" in
  *"imagetools inspect"*r/costs:c1) echo sha256:there ;;
  *"imagetools inspect"*r/*:c1) grep -q -- "--tag $6 " "$ASKED" && echo sha256:new ;;
  *"imagetools inspect"*) echo sha256:base ;;
esac
"#;

#[test]
fn images_are_built_once_from_bases_by_digest_and_named_by_digest() {
    let folder = tempfile::TempDir::new().unwrap();
    for (name, content) in [("docker", DOCKER), ("scripts/images", &text("scripts/images"))] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    std::fs::create_dir(folder.path().join("infra")).unwrap();
    for copied in ["Dockerfile", "infra/functions.yaml"] {
        std::fs::write(folder.path().join(copied), text(copied)).unwrap();
    }
    let asked = folder.path().join("asked");
    let mut images = std::process::Command::new(folder.path().join("scripts/images"));
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let done = images.args(["r", "c1"]).env("PATH", path).env("ASKED", &asked).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let asked = std::fs::read_to_string(asked).unwrap();
    assert!(!asked.contains("FUNCTION=costs "), "it was there");
    let built: Vec<_> = asked.lines().filter(|line| line.starts_with("buildx build ")).collect();
    let bases = [
        "TOOLCHAIN=rust:1.95.0-slim-trixie@sha256:base",
        "BASE=gcr.io/distroless/cc-debian13:nonroot@sha256:base",
    ];
    assert_eq!(built.len(), 5, "each but costs");
    assert!(built.iter().all(|line| bases.iter().all(|base| line.contains(base))), "{built:?}");
    let written =
        std::fs::read_to_string(folder.path().join("infra/images.auto.tfvars.json")).unwrap();
    let written: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(written["images"]["costs"], "r/costs@sha256:there");
    let functions: std::collections::BTreeSet<_> =
        super::services().into_values().map(|it| it.function).collect();
    assert_eq!(written["images"].as_object().unwrap().len(), functions.len());
}
