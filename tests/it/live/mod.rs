//! The suites of every backend against the project that the environment names: `make live`.

mod bytes;
mod loads;
mod script;

use std::{collections::BTreeMap, io::Write as _, sync::Arc};

use convergence::{
    clock::SystemClock,
    dead_letters::DeadLetterSubscription,
    files::Bucket,
    google::Identity,
    http::outgoing,
    ids::RandomIds,
    service::{self, Embedded, Opened, Parts},
    settings::{Settings, environment},
    testing::{files_suite, kms_suite, queue_suite, store_suite, warehouse_suite},
    vault::CloudKms,
    warehouse::bigquery::{BigQuery, BigQueryOptions},
};
use integration_tests::emulators::{self, needed};
use serde_json::json;

use self::loads::Loads;
use crate::queue::taken;

/// Those of the environment; what has to be in a folder is in one of its own.
fn settings() -> Settings {
    let folder = tempfile::tempdir().expect("a folder").keep();
    let mut variables: BTreeMap<String, String> = environment();
    variables.entry("DATA_DIR".to_owned()).or_insert(folder.display().to_string());
    Settings::read("run-pipeline", &variables).expect("settings")
}

/// Everything as a function opens it. Without any setting it is what development has, so that the
/// way to the suites is tried without a project too.
async fn opened() -> Opened {
    let open = || {
        let clock = Arc::new(SystemClock);
        let parts = Parts {
            clock: clock.clone(),
            ids: Arc::new(RandomIds::new(clock)),
            embedded: Embedded::files(),
            wrap_store: Box::new(|it| it),
            wrap_warehouse: Box::new(|it| it),
        };
        service::open(Arc::new(settings()), parts).expect("backends")
    };
    tokio::task::spawn_blocking(open).await.expect("it opens")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "asks a real project: make live PROJECT=…"]
async fn the_store_passes_its_suite() {
    store_suite(opened().await.state.store).await.expect("it passes");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "asks a real project: make live PROJECT=…"]
async fn the_warehouse_passes_its_suite() {
    warehouse_suite(&*opened().await.state.warehouse).await.expect("it passes");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "asks a real project: make live PROJECT=…"]
async fn the_bucket_passes_its_suite() {
    let url = settings().backends.files;
    let bucket = Bucket::new(&url, Identity::default().access(&url)).expect("a bucket");
    files_suite(Arc::new(bucket)).await.expect("it passes");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "asks a real project: make live PROJECT=…"]
async fn the_kms_passes_its_suite() {
    let url = settings().backends.kms;
    let kms = CloudKms::new(&url, Identity::default().access(&url)).expect("a key");
    kms_suite(Arc::new(kms)).await.expect("it passes");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "asks a real project: make live PROJECT=…"]
async fn the_queue_passes_its_suite() {
    let (Opened { state, .. }, settings) = (opened().await, settings());
    let url = settings.backends.dead_letters.expect("DEAD_LETTERS_URL: the topic's subscription");
    let access = Identity::default().access(&url);
    let subscription = DeadLetterSubscription::new(&url, access).expect("it is named");
    queue_suite(state.queue, async || taken(&subscription).await).await.expect("it passes");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "asks a real project: make live PROJECT=…"]
async fn questions_read_the_days_and_columns_that_they_need() {
    let options = BigQueryOptions::read(&settings(), &Identity::default()).expect("bigquery://");
    let stated = bytes::stated(&warehouse(&options), "suite_bytes").await.expect("bytes");
    writeln!(std::io::stdout(), "{}", bytes::page(&stated)).expect("a terminal");
    let [rows, sums] = [stated[0].1, stated[1].1];
    assert!(rows > sums && sums > 0, "all of {rows} and {sums} bytes");
    for (question, bytes) in &stated[2..] {
        assert!(
            bytes * 8 < rows,
            "{question} reads {bytes} of {rows} bytes, for a month of thirteen"
        );
    }
}

/// Why rows go by streams: printed, for whoever doubts it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "asks a real project: make live PROJECT=…"]
async fn rows_go_by_streams_and_by_load_jobs() {
    let loads = Loads::new(&settings(), "suite_loads", 13).await.expect("a dataset");
    let page = loads.page().await.expect("both ways");
    writeln!(std::io::stdout(), "{page}").expect("a terminal");
}

fn ids() -> RandomIds {
    RandomIds::new(Arc::new(SystemClock))
}

fn warehouse(options: &BigQueryOptions) -> BigQuery {
    BigQuery::new(options.clone(), Arc::new(ids()))
}

/// Settings of a project on the emulators of BigQuery and Cloud Storage, whose bucket is for the test
/// to make.
async fn emulated(bucket: &str) -> Option<Settings> {
    let emulator = needed(emulators::bigquery().await)?;
    let storage = needed(emulators::storage().await)?;
    let url = format!("bigquery://{}?location=US", emulators::project());
    let variables = [
        ("WAREHOUSE_URL", url.as_str()),
        ("BIGQUERY_EMULATOR_HOST", emulator.host()),
        ("BIGQUERY_STORAGE_EMULATOR_HOST", emulator.grpc()),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let variables = variables.into_iter().chain(storage.settings(bucket)).collect();
    Some(Settings::read("costs", &variables).expect("settings"))
}

/// The way to the bytes: an emulator says 0 of each.
#[tokio::test(flavor = "multi_thread")]
async fn every_question_of_dashboards_can_be_run_dry() {
    let Some(settings) = emulated("none").await else { return };
    let options = BigQueryOptions::read(&settings, &Identity::default()).expect("bigquery://");
    let stated = bytes::stated(&warehouse(&options), "suite_bytes").await.expect("bytes");
    assert!(stated.len() > 10 && stated.iter().all(|(_, bytes)| *bytes == 0), "{stated:?}");
    assert!(bytes::page(&stated).contains("| all of focus_import | 0 |"));
}

/// The way to the comparison: both ways bring all rows. How long they take says nothing here.
#[tokio::test(flavor = "multi_thread")]
async fn both_ways_into_a_staging_table_bring_all_rows() {
    let bucket = emulators::project();
    let Some(settings) = emulated(&bucket).await else { return };
    let storage = settings.backends.files.emulator.clone().expect("an emulator");
    let made = outgoing().build().expect("a client");
    let made = made.post(format!("http://{storage}/storage/v1/b")).json(&json!({ "name": bucket }));
    assert!(made.send().await.expect("an answer").status().is_success());
    let loads = Loads::new(&settings, "suite_loads", 1).await.expect("a dataset");
    let page = loads.page().await.expect("both ways");
    assert!(page.contains("| 7900 rows | seconds |"), "{page}");
}
