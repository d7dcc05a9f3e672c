//! Names that `infra/` shares with the code: settings, log messages, indexes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use convergence::settings::{Settings, table::SECTIONS};

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

/// `NAME = "value"` in Terraform, each `${…}` in it an `x`; what is no text is something likely.
fn assignments() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for line in text("infra/settings.tf").lines().filter(|line| !line.contains('#')) {
        let Some((name, value)) = line.split_once(" = ") else { continue };
        let name = name.trim().rsplit(' ').next().unwrap();
        if settings_in(name).contains(name) {
            found.insert(name.to_owned(), likely(name, value));
        }
    }
    found
}

fn likely(name: &str, value: &str) -> String {
    if let Some(quoted) = value.strip_prefix('"') {
        let mut parts = quoted.split('"').next().unwrap().split("${");
        let first = parts.next().unwrap().to_owned();
        return parts.fold(first, |text, part| text + "x" + part.split_once('}').unwrap().1);
    }
    let value = match name {
        "ENVIRONMENT" => "production",
        "DELIVERY_TIMEOUT_SECONDS" => "600",
        "CORS_ORIGINS" => "https://console.example.com",
        "IMPORT_JOB" => "projects/p/locations/r/jobs/run-import",
        "DEAD_LETTERS_URL" => "pubsub://p/subscriptions/pipeline-runs-dead",
        _ => "service@p.iam.gserviceaccount.com",
    };
    value.to_owned()
}

#[test]
fn a_process_with_the_settings_of_its_service_starts() {
    let mut variables = assignments();
    assert!(variables.len() >= 14, "{variables:?}");
    assert_eq!(variables["WAREHOUSE_URL"], "bigquery://x?location=x");
    let secret = "s".repeat(64);
    for (name, value) in
        [("K_SERVICE", "it"), ("CA_ROOT_API_KEY", &secret), ("HASH_KEY", &format!("1:{secret}"))]
    {
        variables.insert(name.to_owned(), value.to_owned());
    }
    for function in ["bootstrap", "costs", "integrations", "onboard", "run-pipeline", "scheduler"] {
        if let Err(problems) = Settings::read(function, &variables) {
            panic!("{function}: {problems}");
        }
    }
}

/// What a line is counted of, an alert and a chart look at too: a run ends in a service or in a job.
#[test]
fn lines_of_jobs_are_counted_and_watched_as_those_of_services() {
    let counted = text("infra/metrics.tf");
    assert!(counted.contains(r#"(\"cloud_run_revision\" OR \"cloud_run_job\")"#), "{counted}");
    let both = r#"one_of("cloud_run_revision","cloud_run_job")"#;
    let watched = text("infra/alerts.tf") + &text("infra/dashboard.tf");
    let watched: Vec<_> = watched.lines().filter(|it| it.contains("user/convergence")).collect();
    assert!(watched.len() >= 2, "{watched:?}");
    for line in watched {
        assert!(line.replace('\\', "").replace(", ", ",").contains(both), "{line}");
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
