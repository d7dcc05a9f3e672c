//! Every function in process.

use std::{collections::BTreeMap, sync::Arc};

use axum::Router;
use convergence::{
    auth::oidc::{LocalIssuer, Purpose},
    queue::RunMessage,
    service::{self, Embedded, Opened, Parts, Wrap},
    settings::Settings,
    state::AppState,
    store::Store,
    warehouse::Warehouse,
};
use http::{Method, StatusCode};
use local::Delivery;
use tempfile::TempDir;
use tokio::sync::{Mutex, mpsc::UnboundedReceiver};
use utoipa_axum::router::OpenApiRouter;

use crate::{As, Call, TestClock, TestIds, stores};

/// Every function's real routes over embedded backends in a folder that goes away with it.
pub struct TestApp {
    /// Everything together, as a server has it.
    pub router: Router,
    /// What the handlers see.
    pub state: AppState,
    /// The clock they see.
    pub clock: Arc<TestClock>,
    /// Where the backends keep their files.
    pub folder: Arc<TempDir>,
    /// Of an embedded queue, which delivers in process.
    embedded: Option<(Delivery, Mutex<UnboundedReceiver<RunMessage>>)>,
}

/// How an app differs from the usual one.
#[derive(Default)]
pub struct Options {
    /// Settings beside those that a test needs.
    pub settings: BTreeMap<String, String>,
    /// Routes beside those of the functions.
    pub routes: OpenApiRouter<AppState>,
    /// The folder of an app before this one, as after a restart.
    pub folder: Option<Arc<TempDir>>,
    /// The clock of an app before this one.
    pub clock: Option<Arc<TestClock>>,
    /// Put around the store.
    pub wrap_store: Option<Wrap<dyn Store>>,
    /// Put around the warehouse.
    pub wrap_warehouse: Option<Wrap<dyn Warehouse>>,
}

impl TestApp {
    /// The root key of every test.
    pub const ROOT_KEY: &'static str = "the root key of the tests, long enough";

    /// The usual app.
    ///
    /// # Panics
    ///
    /// Where it cannot be made.
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// An app that differs.
    ///
    /// # Panics
    ///
    /// Where it cannot be made.
    pub async fn with(mut options: Options) -> Self {
        let folder = match options.folder.take() {
            Some(folder) => folder,
            None => match tempfile::tempdir() {
                Ok(folder) => Arc::new(folder),
                Err(error) => panic!("no folder: {error}"),
            },
        };
        options.settings.extend(stores::settings(folder.path()).await);
        options.folder = Some(folder);
        match tokio::task::spawn_blocking(|| Self::open(options)).await {
            Ok(Ok(app)) => app,
            Ok(Err(error)) => panic!("no app: {error:#}"),
            Err(error) => panic!("no app: {error}"),
        }
    }

    /// An app, or why there is none.
    ///
    /// # Errors
    ///
    /// As [`service::open`].
    pub fn open(options: Options) -> anyhow::Result<Self> {
        let folder = match options.folder {
            Some(folder) => folder,
            None => Arc::new(tempfile::tempdir()?),
        };
        let clock = options.clock.unwrap_or_default();
        let settings = settings(&folder, options.settings)?;
        let parts = Parts {
            clock: clock.clone(),
            ids: Arc::new(TestIds::new(clock.clone())),
            embedded: Embedded::files(),
            wrap_store: options.wrap_store.unwrap_or_else(|| Box::new(|it| it)),
            wrap_warehouse: options.wrap_warehouse.unwrap_or_else(|| Box::new(|it| it)),
        };
        let Opened { state, deliveries, .. } = service::open(Arc::new(settings), parts)?;
        let router = service::app(local::router().merge(options.routes), state.clone());
        let embedded = state.issuer.clone().zip(deliveries).map(|(issuer, queue)| {
            (Delivery::new(router.clone(), issuer, state.ids.clone()), Mutex::new(queue))
        });
        Ok(Self { router, state, clock, folder, embedded })
    }

    fn delivery(&self) -> &Delivery {
        match &self.embedded {
            Some((delivery, _)) => delivery,
            None => panic!("the queue of this app delivers by itself"),
        }
    }

    /// A request of somebody.
    pub fn call(&self, caller: As, method: Method, path: &str) -> Call<'_> {
        Call::new(self, caller, method, path)
    }

    /// Reads as somebody.
    pub fn get(&self, caller: As, path: &str) -> Call<'_> {
        self.call(caller, Method::GET, path)
    }

    /// Posts as somebody.
    pub fn post(&self, caller: As, path: &str) -> Call<'_> {
        self.call(caller, Method::POST, path)
    }

    /// Puts as somebody.
    pub fn put(&self, caller: As, path: &str) -> Call<'_> {
        self.call(caller, Method::PUT, path)
    }

    /// Patches as somebody.
    pub fn patch(&self, caller: As, path: &str) -> Call<'_> {
        self.call(caller, Method::PATCH, path)
    }

    /// Deletes as somebody.
    pub fn delete(&self, caller: As, path: &str) -> Call<'_> {
        self.call(caller, Method::DELETE, path)
    }

    /// A token of the service account for a purpose.
    ///
    /// # Panics
    ///
    /// Where it cannot be signed.
    #[must_use]
    pub fn token(&self, purpose: Purpose) -> String {
        let issuer: &LocalIssuer = match &self.state.issuer {
            Some(issuer) => issuer,
            None => panic!("no issuer"),
        };
        match issuer.token(purpose) {
            Ok(token) => token,
            Err(error) => panic!("no token: {error:#}"),
        }
    }

    /// Pushes every message that waits through the real route, until none is left; says how many
    /// and fails on a refusal.
    ///
    /// # Panics
    ///
    /// Where a delivery is refused.
    pub async fn deliver(&self) -> usize {
        let mut delivered = 0;
        while let Some(message) = self.next_message().await {
            let status = self.push(&message).await;
            assert!(status.is_success(), "{message:?} was refused: {status}");
            delivered += 1;
        }
        delivered
    }

    /// Pushes one message, whatever comes of it.
    ///
    /// # Panics
    ///
    /// Where the request cannot be made.
    pub async fn push(&self, message: &RunMessage) -> StatusCode {
        match self.delivery().push(message).await {
            Ok(status) => status,
            Err(error) => panic!("no delivery: {error:#}"),
        }
    }

    /// Takes the next message out of the queue, as if it had been lost or was still on its way.
    ///
    /// # Panics
    ///
    /// Where the queue is not embedded.
    pub async fn next_message(&self) -> Option<RunMessage> {
        match &self.embedded {
            Some((_, queue)) => queue.lock().await.try_recv().ok(),
            None => panic!("the queue of this app delivers by itself"),
        }
    }

    /// Publishes what is due and finishes what was left.
    ///
    /// # Panics
    ///
    /// Where the sweep is refused.
    pub async fn sweep(&self) {
        match self.delivery().sweep().await {
            Ok(status) => assert!(status.is_success(), "the sweep was refused: {status}"),
            Err(error) => panic!("no sweep: {error:#}"),
        }
    }
}

/// Without a rate limit, and with small backends.
fn settings(folder: &TempDir, more: BTreeMap<String, String>) -> anyhow::Result<Settings> {
    let mut variables = BTreeMap::from(
        [
            ("DATA_DIR", folder.path().display().to_string()),
            ("CA_ROOT_API_KEY", TestApp::ROOT_KEY.to_owned()),
            ("RATE_LIMIT_ENABLED", "false".to_owned()),
            ("DUCKDB_THREADS", "2".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    variables.extend(more);
    Ok(Settings::read("convergence", &variables)?)
}
