//! A warehouse in a project of its own, on the emulator.

use std::{collections::BTreeMap, sync::Arc};

use convergence::{
    clock::SystemClock,
    ids::RandomIds,
    settings::Settings,
    warehouse::bigquery::{BigQuery, BigQueryOptions},
};
use integration_tests::{emulators, faults::hurried};

/// Settings of a function whose warehouse is `url`, on these hosts.
pub(super) fn settings(url: &str, rest: &str, storage: &str) -> Settings {
    let variables = [
        ("WAREHOUSE_URL", url),
        ("BIGQUERY_EMULATOR_HOST", rest),
        ("BIGQUERY_STORAGE_EMULATOR_HOST", storage),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Settings::read("run-pipeline", &BTreeMap::from(variables)).unwrap()
}

/// The warehouse that the settings name.
pub(super) fn open(settings: &Settings) -> BigQuery {
    let options = BigQueryOptions::read(settings, &hurried()).unwrap();
    BigQuery::new(options, Arc::new(RandomIds::new(Arc::new(SystemClock))))
}

/// A warehouse in a project of its own; `None` where the emulator is missing.
pub(super) async fn fresh() -> Option<BigQuery> {
    let emulator = emulators::needed(emulators::bigquery().await)?;
    let url = format!("bigquery://{}?location=US", emulators::project());
    Some(open(&settings(&url, emulator.host(), emulator.grpc())))
}
