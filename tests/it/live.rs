//! The suites of every backend against the project that the environment names: `make live`.

use std::sync::Arc;

use convergence::{
    clock::SystemClock,
    ids::RandomIds,
    service::{self, Embedded, Opened, Parts},
    settings::{Settings, environment},
    testing::{store_suite, warehouse_suite},
};

/// Everything as a function opens it, by the settings of the environment. Without any it is what
/// development has: so the way to the suites is tried without a project too.
async fn opened() -> Opened {
    let mut variables = environment();
    let folder = tempfile::tempdir().expect("a folder").keep();
    variables.entry("DATA_DIR".to_owned()).or_insert(folder.display().to_string());
    tokio::task::spawn_blocking(move || {
        let settings = Settings::read("run-pipeline", &variables).expect("settings");
        let clock = Arc::new(SystemClock);
        let parts = Parts {
            clock: clock.clone(),
            ids: Arc::new(RandomIds::new(clock)),
            embedded: Embedded::files(),
            wrap_store: Box::new(|it| it),
            wrap_warehouse: Box::new(|it| it),
        };
        service::open(Arc::new(settings), parts).expect("backends")
    })
    .await
    .expect("it opens")
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
