//! `WAREHOUSE_URL=bigquery://{project}?location=US`

use convergence::{google::Identity, settings::Settings, warehouse::bigquery::BigQueryOptions};

use super::place::settings;

fn read(url: &str) -> anyhow::Result<BigQueryOptions> {
    BigQueryOptions::read(&settings(url, "127.0.0.1:1", "127.0.0.1:2"), &Identity::default())
}

#[test]
fn the_url_names_project_and_location() {
    let options = read("bigquery://my-project?location=europe-west3").unwrap();
    assert_eq!((&*options.project, &*options.location), ("my-project", "europe-west3"));
    assert_eq!(read("bigquery://my-project").unwrap().location, "US");
    assert_eq!(options.max_bytes_billed, 100 << 30);
    assert_eq!(options.rest.endpoint().unwrap(), "http://127.0.0.1:1");
    assert_eq!(options.storage.endpoint().unwrap(), "http://127.0.0.1:2");
}

#[test]
fn a_url_that_is_not_understood_is_refused_with_what_would_be() {
    let refused = [
        "bigquery:my-project",
        "bigquery://",
        "bigquery://?location=US",
        "bigquery://my project",
        "bigquery://my-project?region=US",
        "bigquery://my-project?location=US&x=1",
    ];
    for url in refused {
        let error = read(url).unwrap_err().to_string();
        assert!(error.ends_with("is not `bigquery://{project}?location=US`"), "{error}");
    }
}

#[test]
fn the_two_hosts_of_an_emulator_are_set_together() {
    for name in ["BIGQUERY_EMULATOR_HOST", "BIGQUERY_STORAGE_EMULATOR_HOST"] {
        let variables = [(name.to_owned(), "127.0.0.1:1".to_owned())].into();
        let problems = Settings::read("run-pipeline", &variables).unwrap_err().to_string();
        assert!(
            problems.contains("BIGQUERY_STORAGE_EMULATOR_HOST: it is set together"),
            "{problems}"
        );
    }
}
