//! Ledger rows: from the commit that decides to the table, once, whatever fails on the way.

use std::{collections::BTreeSet, sync::Arc};

use convergence::{
    audit::{self, By, Event, Outcome},
    auth::Caller,
    clock::Clock as _,
    configs::Configs,
    http::RequestMeta,
    ledger::{Ledger, LedgerRow, OutboxRow, RowVersion, rows},
    org::{Env, OrgSlug},
    setup::{Bootstrap, bootstrap_tables},
    store::{Collection, Key, List, Owner, PageRequest, Store, StoreExt as _, sqlite::SqliteStore},
    testing::lines,
    warehouse::{
        Dataset, Query, Warehouse,
        duckdb::{DuckDb, DuckDbOptions},
    },
};
use integration_tests::{TestClock, TestIds};
use jiff::{SignedDuration, Timestamp, civil::date};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

struct World {
    store: Arc<dyn Store>,
    warehouse: Arc<dyn Warehouse>,
    clock: Arc<TestClock>,
    ledger: Ledger,
    _folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::default());
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open(&folder.path().join("store.db")).unwrap());
        let options = DuckDbOptions {
            path: folder.path().join("warehouse.duckdb"),
            env: Env::Local,
            memory_limit: "256MB".to_owned(),
            threads: 2,
        };
        let warehouse: Arc<dyn Warehouse> = Arc::new(DuckDb::open(&options).unwrap());
        let ids = Arc::new(TestIds::new(clock.clone()));
        let configs = Configs::embedded();
        let ledger =
            Ledger::new(store.clone(), warehouse.clone(), clock.clone(), ids, &configs).unwrap();
        Self { store, warehouse, clock, ledger, _folder: folder }
    }

    async fn bootstrap(&self) {
        let configs = Arc::new(Configs::embedded());
        Bootstrap::new(self.warehouse.clone(), configs).run(false).await.unwrap();
    }

    async fn commit<R: LedgerRow>(&self, row: &R) -> Key {
        let write = self.ledger.write(&Owner::Org(acme()), row).unwrap();
        let key = write.key().clone();
        self.store.commit(vec![write]).await.unwrap();
        key
    }

    async fn waiting(&self, collection: Collection) -> usize {
        let page = PageRequest { limit: 100, after: None };
        let list = List { collection, owner: None, filters: Vec::new(), page };
        self.store.list(&list).await.unwrap().items.len()
    }

    async fn table(&self, table: &str, columns: &str) -> Vec<String> {
        let query = Query::new("test", format!("from {table}\nselect {{{columns}}}"));
        let answer = self.warehouse.query(&Dataset::System, &query).await.unwrap();
        lines(&answer.batches).unwrap()
    }
}

fn acme() -> OrgSlug {
    OrgSlug::parse("Acme").unwrap()
}

fn quota(day_runs: i64) -> rows::UsageQuota {
    rows::UsageQuota {
        org_slug: acme(),
        usage_date: date(2026, 7, 1),
        run_id: Uuid::from_u128(1),
        action: "RESERVED".to_owned(),
        outcome: None,
        day_runs,
        month_runs: 2,
        concurrent_runs: 1,
    }
}

fn api_key() -> rows::OrgApiKey {
    rows::OrgApiKey {
        org_slug: acme(),
        key_id: Uuid::from_u128(7),
        org_api_key_hash: "1.abc".to_owned(),
        fingerprint: "acme…wxyz".to_owned(),
        name: "Müller & Söhne".to_owned(),
        scopes: vec!["costs:read".to_owned(), "pipelines:run".to_owned()],
        active: true,
        expires_at: None,
        revoked_at: Some(Timestamp::constant(1_782_907_200, 0)),
        successor: None,
        created_at: Timestamp::constant(1_782_907_200, 123_456_000),
        version: RowVersion { version: 5, replaces: Some(4), recorded_by: None },
    }
}

#[tokio::test]
async fn a_row_is_delivered_right_after_its_commit_and_forgotten() {
    let world = World::new();
    world.bootstrap().await;
    let keys = [world.commit(&api_key()).await, world.commit(&quota(1)).await];
    world.ledger.deliver(&keys).await;
    assert_eq!(world.waiting(Collection::Outbox).await, 0);
    let columns = "org_slug, key_id, name, scopes, active, expires_at, revoked_at, created_at, \
                   version, replaces, recorded_at";
    insta::assert_snapshot!(world.table("org_api_keys", columns).await.join("\n"), @"Acme|00000000-0000-0000-0000-000000000007|Müller & Söhne|[costs:read, pipelines:run]|true|null|2026-07-01T12:00:00Z|2026-07-01T12:00:00.123456Z|5|4|2026-07-01T12:00:00Z");
    insta::assert_snapshot!(world.table("org_usage_quotas", "usage_date, outcome, day_runs").await.join("\n"), @"2026-07-01|null|1");
}

#[tokio::test]
async fn what_a_crash_leaves_the_sweep_delivers_once() {
    let world = World::new();
    world.bootstrap().await;
    world.commit(&quota(1)).await;
    world.ledger.sweep(world.clock.now()).await.unwrap();
    assert_eq!(world.waiting(Collection::Outbox).await, 1, "its committer still has time");
    world.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(world.ledger.sweep(world.clock.now()).await.unwrap(), 1);
    assert_eq!(world.ledger.sweep(world.clock.now()).await.unwrap(), 0);
    assert_eq!(world.table("org_usage_quotas", "day_runs").await, ["1"]);
}

#[tokio::test]
async fn rows_wait_for_a_table_that_is_not_there_yet_and_are_tried_less_and_less() {
    let world = World::new();
    let key = world.commit(&quota(1)).await;
    world.ledger.deliver(std::slice::from_ref(&key)).await;
    let now = world.clock.now();
    let first = world.store.find::<OutboxRow>(&key, now).await.unwrap().unwrap().value;
    world.clock.advance(SignedDuration::from_mins(2));
    world.ledger.sweep(world.clock.now()).await.unwrap();
    let second = world.store.find::<OutboxRow>(&key, now).await.unwrap().unwrap().value;
    assert_eq!((first.attempts, second.attempts), (1, 2));
    assert_eq!(second.due_at, Some(world.clock.now() + SignedDuration::from_mins(1)));
    world.bootstrap().await;
    world.clock.advance(SignedDuration::from_hours(1));
    world.ledger.sweep(world.clock.now()).await.unwrap();
    assert_eq!(world.waiting(Collection::Outbox).await, 0);
    assert_eq!(world.table("org_usage_quotas", "day_runs").await, ["1"]);
}

#[derive(Serialize)]
struct Odd {
    surprise: bool,
}

impl LedgerRow for Odd {
    const TABLE: &'static str = "org_usage_quotas";
}

#[derive(Serialize)]
struct Nowhere {}

impl LedgerRow for Nowhere {
    const TABLE: &'static str = "org_nowhere";
}

#[tokio::test]
async fn a_row_that_its_table_refuses_is_set_aside_and_blocks_no_other() {
    let world = World::new();
    world.bootstrap().await;
    let mut keys = vec![world.commit(&quota(1)).await];
    keys.push(world.commit(&Odd { surprise: true }).await);
    keys.push(world.commit(&Nowhere {}).await);
    keys.push(world.commit(&quota(2)).await);
    world.ledger.deliver(&keys).await;
    assert_eq!(world.table("org_usage_quotas", "day_runs").await, ["1", "2"]);
    assert_eq!(world.waiting(Collection::Outbox).await, 0);
    assert_eq!(world.waiting(Collection::OutboxRejected).await, 2);
    let rejected = Key { collection: Collection::OutboxRejected, ..keys[2].clone() };
    let row = world.store.find::<OutboxRow>(&rejected, world.clock.now()).await.unwrap().unwrap();
    assert_eq!(row.value.refusal.as_deref(), Some("no ledger org_nowhere"));
    assert_eq!(row.value.due_at, None);
}

#[test]
fn an_audit_entry_says_who_what_and_from_where() {
    let meta = RequestMeta {
        request_id: Uuid::from_u128(3),
        address: Some("192.0.2.7".to_owned()),
        trace: None,
    };
    let caller = Caller::Key { org: acme(), key_id: Uuid::from_u128(9), scopes: Vec::new() };
    let by = By { caller: &caller, meta: &meta };
    let event = Event {
        action: "organization.update",
        target: "acme".to_owned(),
        outcome: Outcome::Success,
        details: json!({"currency": {"before": "USD", "after": "EUR"}}),
    };
    let entry = audit::entry(by, &acme(), Timestamp::constant(1_782_907_200, 0), event);
    insta::assert_json_snapshot!(entry, @r#"
    {
      "org_slug": "Acme",
      "actor_kind": "api_key",
      "actor_id": "00000000-0000-0000-0000-000000000009",
      "action": "organization.update",
      "target": "acme",
      "outcome": "success",
      "request_id": "00000000-0000-0000-0000-000000000003",
      "address": "192.0.2.7",
      "details": "{\"currency\":{\"after\":\"EUR\",\"before\":\"USD\"}}",
      "created_at": "2026-07-01T12:00:00Z"
    }
    "#);
}

/// The columns of a row, and those that are added when it is written.
fn columns<R: LedgerRow>(row: &R) -> (String, BTreeSet<String>) {
    let value = serde_json::to_value(row).unwrap();
    let names = value.as_object().unwrap().keys().cloned();
    (R::TABLE.to_owned(), names.chain(["row_id".to_owned(), "recorded_at".to_owned()]).collect())
}

#[test]
fn rows_have_exactly_the_columns_of_their_tables() {
    let tables = bootstrap_tables(&Configs::embedded()).unwrap();
    assert_eq!(tables.len(), 15);
    for (table, found) in [columns(&api_key()), columns(&quota(1))].into_iter().chain(every::all())
    {
        let schema = tables.iter().find(|schema| schema.name == table).unwrap();
        let wanted: BTreeSet<_> = schema.fields.iter().map(|field| field.name.clone()).collect();
        assert_eq!(found, wanted, "{table}");
    }
}

/// One row of each type, for the test of their columns.
mod every {
    use std::collections::BTreeSet;

    use convergence::ledger::{RowVersion, rows};
    use jiff::{Timestamp, civil::date};
    use uuid::Uuid;

    use super::columns;

    const NOW: Timestamp = Timestamp::constant(1_782_907_200, 0);

    #[expect(clippy::too_many_lines, reason = "a list: one row of each kind")]
    pub(super) fn all() -> Vec<(String, BTreeSet<String>)> {
        vec![
            columns(&rows::OrgProfile {
                org_slug: super::acme(),
                company_name: String::new(),
                admin_email: String::new(),
                dataset: String::new(),
                status: String::new(),
                plan: String::new(),
                currency: String::new(),
                country: String::new(),
                language: String::new(),
                timezone: String::new(),
                fiscal_year_start_month: 1,
                created_at: NOW,
                version: RowVersion::default(),
            }),
            columns(&rows::OrgSubscription {
                org_slug: super::acme(),
                plan: String::new(),
                status: String::new(),
                daily_limit: 1,
                monthly_limit: 1,
                concurrent_limit: 1,
                seat_limit: 1,
                provider_limit: 1,
                history_months: 1,
                trial_end: None,
                period_end: None,
                past_due_since: None,
                stripe_customer_id: None,
                stripe_subscription_id: None,
                stripe_event_id: None,
                created_at: NOW,
                version: RowVersion::default(),
            }),
            columns(&rows::IntegrationCredential {
                org_slug: super::acme(),
                integration_id: String::new(),
                provider: String::new(),
                name: String::new(),
                data_key_id: None,
                kms_key_version: None,
                fingerprint: None,
                validation_status: String::new(),
                last_error: None,
                last_checked_at: None,
                metadata: None,
                active: true,
                created_at: NOW,
                version: RowVersion::default(),
            }),
            columns(&rows::QueueEntry {
                org_slug: super::acme(),
                run_id: Uuid::nil(),
                pipeline_id: String::new(),
                scheduled_time: NOW,
                priority: 1,
                attempts: 1,
                status: String::new(),
                version: RowVersion::default(),
            }),
            columns(&rows::PipelineRun {
                org_slug: super::acme(),
                run_id: Uuid::nil(),
                pipeline_id: String::new(),
                source_id: String::new(),
                trigger: String::new(),
                status: String::new(),
                start_time: NOW,
                taken_time: None,
                end_time: None,
                window_start: None,
                window_end: None,
                parent_run_id: None,
                retry_of: None,
                attempts: 1,
                rows: 1,
                bytes: 1,
                rejected_rows: 1,
                error_code: None,
                error_message: None,
                version: RowVersion::default(),
            }),
            columns(&rows::StepLog {
                org_slug: super::acme(),
                run_id: Uuid::nil(),
                step_id: String::new(),
                processor: String::new(),
                attempt: 1,
                status: String::new(),
                start_time: NOW,
                end_time: None,
                rows: 1,
                bytes: 1,
                rejected_rows: 1,
                error_code: None,
                error_message: None,
                version: RowVersion::default(),
            }),
            columns(&rows::DqResult {
                org_slug: super::acme(),
                ingestion_date: date(2026, 7, 1),
                pipeline_id: String::new(),
                run_id: Uuid::nil(),
                step_id: String::new(),
                rule: String::new(),
                about: None,
                passed: true,
                failed_rows: 1,
                sample: None,
            }),
            columns(&rows::AuditLog {
                org_slug: super::acme(),
                actor_kind: String::new(),
                actor_id: String::new(),
                action: String::new(),
                target: String::new(),
                outcome: String::new(),
                request_id: Uuid::nil(),
                address: None,
                details: None,
                created_at: NOW,
            }),
            columns(&rows::KmsKey {
                org_slug: None,
                data_key_id: String::new(),
                kms_key_name: String::new(),
                kms_key_version: None,
                algorithm: String::new(),
                active: true,
                rotated_at: None,
                created_at: NOW,
                version: RowVersion::default(),
            }),
            columns(&rows::IdempotencyKey {
                org_slug: None,
                idempotency_key: String::new(),
                request_hash: String::new(),
                method: String::new(),
                path: String::new(),
                status: 1,
                created_at: NOW,
                recorded_by: None,
            }),
        ]
    }
}
