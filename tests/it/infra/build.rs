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
fn the_image_is_made_of_bases_by_digest_and_runs_as_nobody() {
    let image = text("Dockerfile");
    let bases: Vec<_> = image.lines().filter(|line| line.starts_with("FROM ")).collect();
    assert_eq!(bases.len(), 2);
    assert!(bases.iter().all(|base| base.contains("@sha256:")), "{bases:?}");
    assert!(image.contains("\nUSER 65532:65532\n") && image.contains("--profile image"));
    let version = text("rust-toolchain.toml");
    let version = version.lines().find_map(|line| line.strip_prefix("channel = ")).unwrap();
    assert!(bases[0].contains(&format!("rust:{}-", version.trim_matches('"'))), "{}", bases[0]);
}
