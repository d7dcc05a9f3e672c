//! Ledger rows: from the commit that decides to the table, once, whatever fails on the way.

mod columns;
mod crashes;

use std::sync::Arc;

use convergence::{
    audit::{self, By, Event, Outcome},
    auth::Caller,
    clock::Clock as _,
    configs::Configs,
    http::RequestMeta,
    ledger::{Ledger, LedgerRow, OutboxRow, RowVersion, rows},
    org::{Env, OrgSlug},
    setup::Bootstrap,
    store::{Collection, Key, List, Owner, PageRequest, Store, StoreExt as _},
    testing::lines,
    warehouse::{
        Dataset, Query, Warehouse,
        duckdb::{DuckDb, DuckDbOptions},
    },
};
use integration_tests::{TestClock, TestIds, stores};
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
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::default());
        let store = stores::store(folder.path()).await;
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
    let world = World::new().await;
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
    let world = World::new().await;
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
    let world = World::new().await;
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
    let world = World::new().await;
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
