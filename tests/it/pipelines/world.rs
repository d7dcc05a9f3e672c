//! Acme's backends and what executes its runs, without HTTP around it.

use std::{sync::Arc, time::Duration};

use convergence::{
    auth::{Actor, ActorKind},
    claims::Claims,
    clock::Clock,
    configs::Configs,
    connections::Connections,
    entities::{Counters, Organization, Status, Subscription},
    fences::Fences,
    files::Folder,
    focus::Model,
    ledger::Ledger,
    org::{Env, OrgSlug},
    pipeline::{Plans, engine::Engine, plan::PipelineName},
    queue::{RunMessage, local},
    runs::{Boot, Budget, Run, RunRequest, Runs, RunsFilter, Submission, check, slots},
    store::{Entity as _, PageRequest, Store, StoreExt as _, Write},
    testing::content_hash,
    vault::{FileKms, Vault},
    warehouse::{
        Dataset, Warehouse,
        duckdb::{DuckDb, DuckDbOptions},
    },
};
use integration_tests::{TestClock, TestIds, stores};
use jiff::civil::{Date, date};
use tokio::sync::{Mutex, mpsc::UnboundedReceiver};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::acme::{configs, limits, organization, raw_rows};

/// A store and a warehouse that stand before the real ones.
pub(super) type Around<T> = Box<dyn Fn(Arc<T>) -> Arc<T>>;

/// One organization, its backends, and what executes its runs.
pub(super) struct World {
    pub(super) runs: Runs,
    pub(super) store: Arc<dyn Store>,
    pub(super) warehouse: Arc<dyn Warehouse>,
    pub(super) clock: Arc<TestClock>,
    pub(super) organization: Organization,
    queue: Mutex<UnboundedReceiver<RunMessage>>,
    backends: Backends,
}

/// What outlives a process.
#[derive(Clone)]
pub(super) struct Backends {
    store: Arc<dyn Store>,
    warehouse: Arc<dyn Warehouse>,
    clock: Arc<TestClock>,
    ids: Arc<TestIds>,
    folder: Arc<tempfile::TempDir>,
}

impl Backends {
    pub(super) async fn new() -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let store = stores::store(folder.path()).await;
        let options = DuckDbOptions {
            path: folder.path().join("w.duckdb"),
            env: Env::Local,
            memory_limit: "256MB".to_owned(),
            threads: 1,
        };
        let warehouse = DuckDb::open(&options).expect("a warehouse");
        let clock = Arc::<TestClock>::default();
        let ids = Arc::new(TestIds::new(clock.clone()));
        let backends = Self { store, warehouse: Arc::new(warehouse), clock, ids, folder };
        backends.onboard().await;
        backends
    }

    async fn onboard(&self) {
        let organization = organization(self.clock.now());
        let (org, now) = (organization.org_slug.clone(), self.clock.now());
        let subscription = Subscription {
            plan: "starter".to_owned(),
            status: Status::Active,
            limits: limits(),
            trial_end: None,
            period_end: None,
            past_due_since: None,
            created_at: now,
            version: 1,
            other: serde_json::Map::new(),
        };
        let writes = vec![
            organization.create(Organization::key(&org)).expect("a document"),
            subscription.create(Subscription::key(&org)).expect("a document"),
        ];
        self.store.commit(writes).await.expect("a commit");
        let labels = std::collections::BTreeMap::new();
        let dataset = Dataset::Org(org);
        self.warehouse.create_dataset(&dataset, &labels).await.expect("a dataset");
        let schema = Plans::load(&configs()).expect("plans").tables().get("acme_raw");
        self.warehouse.apply_table(&dataset, &schema.expect("a schema")).await.expect("a table");
    }
}

impl World {
    pub(super) async fn new() -> Self {
        Self::boot(Backends::new().await, None, None)
    }

    /// A process over backends that may have served another before.
    pub(super) fn boot(
        backends: Backends,
        around_store: Option<Around<dyn Store>>,
        around_warehouse: Option<Around<dyn Warehouse>>,
    ) -> Self {
        let Backends { store, warehouse, clock, ids, folder } = backends.clone();
        let store = around_store.map_or(store.clone(), |around| around(store));
        let warehouse = around_warehouse.map_or(warehouse.clone(), |around| around(warehouse));
        let configs = configs();
        let plans = Plans::load(&configs).expect("plans");
        let boot = Boot { id: convergence::ids::Ids::new_id(&*ids), alone: true };
        let ledger =
            Ledger::new(store.clone(), warehouse.clone(), clock.clone(), ids.clone(), &configs);
        let ledger = Arc::new(ledger.expect("schemas"));
        let kms = FileKms::open(&folder.path().join("kms.key"), true, ids.clone()).expect("a key");
        let vault = Vault::new(Arc::new(kms), store.clone(), clock.clone(), ids.clone());
        let vault = Arc::new(vault);
        let engine = Engine {
            connections: Connections {
                clock: clock.clone(),
                ledger: ledger.clone(),
                providers: Arc::default(),
                store: store.clone(),
                vault: vault.clone(),
            },
            warehouse: warehouse.clone(),
            fences: Fences::new(store.clone(), clock.clone(), ids.clone(), boot),
            files: Arc::new(
                Folder::open(&folder.path().join("files"), ids.clone()).expect("files"),
            ),
            tables: plans.tables().clone(),
            sure: Arc::default(),
            model: Arc::new(Model::read(&Configs::embedded()).expect("a model")),
            clock: clock.clone(),
            ids: ids.clone(),
        };
        let (queue, receiver) = local::channel();
        let runs = Runs {
            store: store.clone(),
            queue: Arc::new(queue),
            claims: Arc::new(Claims::new(
                store.clone(),
                vault,
                ledger.clone(),
                clock.clone(),
                boot,
            )),
            ledger,
            plans: Arc::new(plans),
            engine,
            clock: clock.clone(),
            ids,
            boot,
            budget: Budget::new(Duration::from_mins(10), false),
            imports: None,
            upload_bytes: 1 << 20,
        };
        let organization = organization(clock.now());
        Self { runs, store, warehouse, clock, organization, queue: Mutex::new(receiver), backends }
    }

    /// The process dies and another begins.
    pub(super) fn restart(self) -> Self {
        Self::boot(self.backends, None, None)
    }

    pub(super) fn org(&self) -> &OrgSlug {
        &self.organization.org_slug
    }

    /// Raw rows: a cost for each of some days of a month.
    pub(super) async fn raw(&self, month: Date, costs: &[(i8, &str)]) {
        raw_rows(&*self.warehouse, self.org(), ("acme/default", month), costs).await;
    }

    pub(super) async fn submit(&self, start: &str, end: &str) -> convergence::Result<Run> {
        self.submit_to("acme/cost/daily", start, end).await
    }

    pub(super) async fn submit_to(
        &self,
        pipeline: &str,
        start: &str,
        end: &str,
    ) -> convergence::Result<Run> {
        self.submitted(pipeline, request(start, end, "default")).await
    }

    pub(super) async fn submit_from(
        &self,
        start: &str,
        end: &str,
        source: &str,
    ) -> convergence::Result<Run> {
        self.submitted("acme/cost/daily", request(start, end, source)).await
    }

    /// Where files can be put.
    pub(super) fn folder(&self) -> &std::path::Path {
        self.backends.folder.path()
    }

    /// Imports a file of this machine to its end, whichever files were there before it.
    pub(super) async fn import(&self, name: &str, bytes: &[u8]) -> Run {
        let path = self.folder().join(name);
        std::fs::write(&path, bytes).expect("a file");
        let input = Some(format!("file://{}", path.display()));
        let request = RunRequest { input, force: true, ..RunRequest::default() };
        let run = self.submitted("acme/cost/files", request).await.expect("accepted");
        assert_eq!(self.deliver().await, 1);
        self.run(run.run_id).await
    }

    async fn submitted(&self, pipeline: &str, request: RunRequest) -> convergence::Result<Run> {
        let plan = self.runs.plans.get(&PipelineName::new(pipeline))?;
        let organization = &self.organization;
        let asked = check(plan, &request, slots::today(organization, self.clock.now()))?;
        let input = match &asked.input {
            Some(uri) => Some(self.runs.find_input((self.org(), &asked.source), uri, true).await?),
            None => None,
        };
        let submission = Submission {
            run_id: self.runs.ids.new_id(),
            organization,
            plan,
            asked,
            input,
            actor: &Actor { kind: ActorKind::Root, id: "root".to_owned() },
            retry_of: None,
            trace: None,
        };
        self.runs.submit(&submission, &[]).await
    }

    /// The one run that is no window of another.
    pub(super) async fn only_run(&self) -> Run {
        let mut runs = self.listed(&RunsFilter::default()).await;
        assert_eq!(runs.len(), 1);
        runs.remove(0)
    }

    pub(super) async fn children(&self, parent: Uuid) -> Vec<Run> {
        self.listed(&RunsFilter { parent: Some(parent), ..RunsFilter::default() }).await
    }

    async fn listed(&self, filter: &RunsFilter) -> Vec<Run> {
        let page = PageRequest { limit: 100, after: None };
        self.runs.list(self.org(), filter, page).await.unwrap().0
    }

    /// Delivers what was announced, until nothing is left.
    pub(super) async fn deliver(&self) -> usize {
        let mut delivered = 0;
        while let Some(message) = self.next_message().await {
            let outcome = self.runs.deliver(&message, &CancellationToken::new()).await;
            outcome.unwrap_or_else(|error| panic!("not delivered: {error:?}"));
            delivered += 1;
        }
        delivered
    }

    pub(super) async fn next_message(&self) -> Option<RunMessage> {
        self.queue.lock().await.try_recv().ok()
    }

    pub(super) async fn run(&self, run_id: Uuid) -> Run {
        self.runs.get(self.org(), run_id).await.expect("a run").value
    }

    pub(super) async fn counters(&self) -> Counters {
        let held = self.store.find(&Counters::key(self.org()), self.clock.now()).await;
        held.expect("the store").map_or_else(|| Counters::new(date(2026, 7, 1)), |held| held.value)
    }

    pub(super) async fn hash(&self, table: &str) -> String {
        let dataset = Dataset::Org(self.org().clone());
        content_hash(&*self.warehouse, &dataset, table).await.expect("a hash")
    }

    /// Writes the subscription anew.
    pub(super) async fn subscribe(&self, change: impl FnOnce(&mut Subscription)) {
        let key = Subscription::key(self.org());
        let held =
            self.store.find::<Subscription>(&key, self.clock.now()).await.expect("the store");
        let mut held = held.expect("a subscription");
        change(&mut held.value);
        let write: Write = held.replace().expect("a document");
        self.store.commit(vec![write]).await.expect("a commit");
    }
}

fn request(start: &str, end: &str, source: &str) -> RunRequest {
    RunRequest {
        start_date: Some(start.to_owned()),
        end_date: Some(end.to_owned()),
        source: Some(source.to_owned()),
        ..RunRequest::default()
    }
}
