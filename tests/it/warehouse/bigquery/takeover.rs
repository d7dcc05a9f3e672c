//! A writer dies around its job; the next one takes the table over.

use std::{collections::BTreeMap, sync::Arc};

use convergence::{
    fences::{Fences, May, Ticket, Writer},
    org::OrgSlug,
    runs::Boot,
    store::Store,
    warehouse::{Dataset, Warehouse as _, bigquery::BigQuery},
};
use integration_tests::{TestClock, TestIds, stores};
use uuid::Uuid;

use super::{super::fixture, place::fresh};

const TABLE: &str = "charges";
const JOB: &str = "replace-run-step-1-1";

struct World {
    warehouse: BigQuery,
    org: OrgSlug,
    store: Arc<dyn Store>,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Option<Self> {
        let (warehouse, org) = (fresh().await?, OrgSlug::parse("acme").unwrap());
        let dataset = Dataset::Org(org.clone());
        warehouse.create_dataset(&dataset, &BTreeMap::new()).await.unwrap();
        warehouse.apply_table(&dataset, &fixture::schema(&[]).unwrap()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = stores::store(folder.path()).await;
        Some(Self { warehouse, org, store, _folder: folder })
    }

    /// The fences of a process of its own.
    fn process(&self, number: u128) -> Fences {
        let clock = Arc::<TestClock>::default();
        let ids = Arc::new(TestIds::new(clock.clone()));
        let boot = Boot { id: Uuid::from_u128(number), alone: true };
        Fences::new(self.store.clone(), clock, ids, boot)
    }

    async fn begin(&self, fences: &Fences) -> Ticket {
        fences.begin(&self.org, TABLE, &fixture::january().source).await.unwrap()
    }

    /// A writer that announced its job.
    async fn announced(&self, fences: &Fences, ticket: &Ticket) -> Writer {
        let mut writer = fences.writer(&self.org, TABLE).await.unwrap();
        let scope = fixture::january();
        fences.announce(&mut writer, JOB, (ticket, &scope), None).await.unwrap();
        writer
    }

    async fn replace(&self) -> bool {
        let (rows, dataset) = (fixture::rows(&[1]).unwrap(), Dataset::Org(self.org.clone()));
        let staged = self.warehouse.stage(&dataset, TABLE, rows, &[]).await.unwrap();
        staged.replace_as(&fixture::january(), JOB).await.is_ok()
    }

    /// Another process takes over; says what a ticket may do then.
    async fn taken_over(&self, ticket: &Ticket) -> May {
        let second = self.process(2);
        let mut writer = second.writer(&self.org, TABLE).await.unwrap();
        second.settle::<convergence::Error>(&mut writer, ticket, &self.warehouse).await.unwrap();
        // It is settled once.
        second.settle::<convergence::Error>(&mut writer, ticket, &self.warehouse).await.unwrap();
        second.may_replace(ticket, &fixture::january(), None).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_done_before_its_writer_died_counts() {
    let Some(world) = World::new().await else { return };
    let first = world.process(1);
    let (old, ticket) = (world.begin(&first).await, world.begin(&first).await);
    let _dead = world.announced(&first, &ticket).await;
    assert!(world.replace().await);
    assert_eq!(world.taken_over(&old).await, May::Superseded, "an older attempt may not undo it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_comes_after_its_writer_was_given_up_is_refused() {
    let Some(world) = World::new().await else { return };
    let first = world.process(1);
    let (old, ticket) = (world.begin(&first).await, world.begin(&first).await);
    let _dead = world.announced(&first, &ticket).await;
    assert_eq!(world.taken_over(&old).await, May::Yes);
    assert!(!world.replace().await, "it was taken for dead and is not");
}
