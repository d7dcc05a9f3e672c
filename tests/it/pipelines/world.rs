//! One organization with a pipeline over days: everything about runs without HTTP around it.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use convergence::{
    auth::{Actor, ActorKind},
    claims::Claims,
    clock::Clock,
    configs::Configs,
    entities::{Counters, Limits, OrgState, Organization, Status, Subscription},
    fences::Fences,
    files::Folder,
    focus::Model,
    ledger::Ledger,
    org::{Env, OrgSlug},
    pipeline::{Plans, engine::Engine, plan::PipelineName},
    queue::{RunMessage, local},
    runs::{Boot, Run, RunRequest, Runs, RunsFilter, Submission, check, slots},
    store::{Entity as _, PageRequest, Store, StoreExt as _, Write, sqlite::SqliteStore},
    testing::content_hash,
    vault::{FileKms, Vault},
    warehouse::{
        Dataset, Fixed, Scope, SourceId, Warehouse,
        duckdb::{DuckDb, DuckDbOptions},
    },
};
use integration_tests::{TestClock, TestIds};
use jiff::civil::{Date, date};
use tokio::sync::{Mutex, mpsc::UnboundedReceiver};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const RAW: &str = r#"{"fields":[
    {"name":"x_source_id","type":"STRING","mode":"REQUIRED"},
    {"name":"x_billing_month","type":"DATE"},
    {"name":"x_charge_date","type":"DATE"},
    {"name":"x_run_id","type":"STRING"},
    {"name":"began_at","type":"TIMESTAMP"},
    {"name":"cost","type":"BIGNUMERIC"},
    {"name":"currency","type":"STRING"}]}"#;

const TO_FOCUS: &str = "from acme_raw
filter x_source_id == $source
filter x_billing_month >= $first_month && x_billing_month <= $last_month
filter x_charge_date >= $first_day && x_charge_date < $end_day
select {
  BilledCost = cost, BillingCurrency = currency, ChargePeriodStart = began_at,
  x_source_id, x_billing_month, x_charge_date, x_run_id = $run_id
}
";

const DAILY: &str = r#"
description: Costs of Acme by day
provider: acme
parameters: { start_date: { type: date }, end_date: { type: date } }
window: { unit: month, max: 1 }
steps:
  - { id: to_focus, processor: transform, prql: to_focus.prql, into: focus_acme, timeout_seconds: 20, retry: { attempts: 2, wait_seconds: 0 } }
  - id: check
    needs: [to_focus]
    processor: quality
    table: focus_acme
    rules:
      - { not_null: [BilledCost, ServiceName] }
      - { min_rows: 1 }
      - reconciles: { with: acme_raw, columns: [cost], tolerance: "0" }
  - { id: sum, needs: [to_focus], processor: rollup, from: focus_acme, into: costs_daily }
"#;

const HASTY: &str = r"
description: Costs of Acme, in no time
provider: acme
parameters: { start_date: { type: date }, end_date: { type: date } }
steps:
  - { id: to_focus, processor: transform, prql: to_focus.prql, into: focus_acme, timeout_seconds: 1 }
  - { id: sum, needs: [to_focus], processor: rollup, from: focus_acme, into: costs_daily }
";

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

pub(super) fn limits() -> Limits {
    Limits {
        runs_per_day: 10,
        runs_per_month: 100,
        concurrent_runs: 1,
        seats: 1,
        providers: 1,
        history_months: 12,
    }
}

impl Backends {
    pub(super) async fn new() -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let store = SqliteStore::open(&folder.path().join("store.db")).expect("a store");
        let options = DuckDbOptions {
            path: folder.path().join("w.duckdb"),
            env: Env::Local,
            memory_limit: "256MB".to_owned(),
            threads: 1,
        };
        let warehouse = DuckDb::open(&options).expect("a warehouse");
        let clock = Arc::<TestClock>::default();
        let ids = Arc::new(TestIds::new(clock.clone()));
        let backends =
            Self { store: Arc::new(store), warehouse: Arc::new(warehouse), clock, ids, folder };
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

fn organization(now: jiff::Timestamp) -> Organization {
    Organization {
        org_slug: OrgSlug::parse("Acme").expect("a slug"),
        company_name: "Société Générale".to_owned(),
        admin_email: "a@example.com".to_owned(),
        dataset: "acme_local".to_owned(),
        state: OrgState::Active,
        currency: "EUR".to_owned(),
        country: "FR".to_owned(),
        language: "fr".to_owned(),
        timezone: "Europe/Paris".to_owned(),
        fiscal_year_start_month: 1,
        created_at: now,
        version: 1,
        creation: "x".to_owned(),
        due_at: None,
        other: serde_json::Map::new(),
    }
}

pub(super) fn configs() -> Configs {
    let own = [
        ("setup/organization/acme_raw.json", RAW),
        ("acme/cost/to_focus.prql", TO_FOCUS),
        ("acme/cost/daily.yml", DAILY),
        ("acme/cost/hasty.yml", HASTY),
    ];
    let embedded = Configs::embedded();
    let shipped = embedded.below("setup/").map(|(path, text)| (path.to_owned(), text.to_owned()));
    Configs::of(shipped.chain(own.map(|(path, text)| (path.to_owned(), text.to_owned()))))
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
        let engine = Engine {
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
        let kms = FileKms::open(&folder.path().join("kms.key"), true, ids.clone()).expect("a key");
        let vault = Vault::new(Arc::new(kms), store.clone(), clock.clone(), ids.clone());
        let vault = Arc::new(vault);
        let (queue, receiver) = local::channel();
        let runs = Runs {
            store: store.clone(),
            queue: Arc::new(queue),
            claims: Arc::new(Claims::new(store.clone(), vault, ledger.clone(), clock.clone())),
            ledger,
            plans: Arc::new(plans),
            engine,
            clock: clock.clone(),
            ids,
            boot,
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

    async fn submitted(&self, pipeline: &str, request: RunRequest) -> convergence::Result<Run> {
        let plan = self.runs.plans.get(&PipelineName::new(pipeline))?;
        let organization = &self.organization;
        let asked = check(plan, &request, slots::today(organization, self.clock.now()))?;
        let submission = Submission {
            run_id: self.runs.ids.new_id(),
            organization,
            plan,
            asked,
            input: None,
            actor: &Actor { kind: ActorKind::Root, id: "root".to_owned() },
            retry_of: None,
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

/// Puts raw rows of a month and source in place of those that were there.
pub(super) async fn raw_rows(
    warehouse: &dyn Warehouse,
    org: &OrgSlug,
    (source, month): (&str, Date),
    costs: &[(i8, &str)],
) {
    let days: Vec<i32> = costs
        .iter()
        .map(|(day, _)| epoch_days(month.with().day(*day).build().expect("a day")))
        .collect();
    let same = |text: &str| -> ArrayRef {
        Arc::new(StringArray::from(vec![text.to_owned(); costs.len()]))
    };
    let amounts = costs.iter().map(|(_, cost)| {
        cost.parse::<convergence::decimal::Decimal>().expect("an amount").scaled()
    });
    let amounts = Decimal128Array::from_iter_values(amounts)
        .with_precision_and_scale(38, 18)
        .expect("a type");
    let micros = days.iter().map(|day| i64::from(*day) * 86_400_000_000);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("x_source_id", same(source)),
        ("x_billing_month", Arc::new(Date32Array::from(vec![epoch_days(month); costs.len()]))),
        ("x_charge_date", Arc::new(Date32Array::from(days.clone()))),
        ("x_run_id", same("raw")),
        (
            "began_at",
            Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC")),
        ),
        ("cost", Arc::new(amounts)),
        ("currency", same("USD")),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let (provider, name) = source.split_once('/').expect("a source");
    let scope = Scope::months(SourceId::new(provider, name), [month]);
    let rows = Arc::new(Fixed::new(batch.schema(), vec![batch]));
    warehouse
        .replace(&Dataset::Org(org.clone()), "acme_raw", &scope, rows)
        .await
        .expect("a replace");
}

fn epoch_days(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}
