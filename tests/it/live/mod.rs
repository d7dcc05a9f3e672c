//! The suites of every backend against the project that the environment names: `make live`.

mod script;

use std::{collections::BTreeMap, sync::Arc};

use convergence::{
    clock::SystemClock,
    files::Bucket,
    google::Identity,
    ids::RandomIds,
    service::{self, Embedded, Opened, Parts},
    settings::{Settings, environment},
    testing::{files_suite, kms_suite, store_suite, warehouse_suite},
    vault::CloudKms,
};

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
