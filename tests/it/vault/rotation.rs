//! Data keys take each other's place, while everything goes on.

use std::{fs, sync::Arc};

use convergence::{
    clock::Clock as _,
    entities::{Integration, IntegrationStatus},
    org::OrgSlug,
    store::{Entity as _, Owner, StoreExt as _},
    testing::{CrashPoint, CrashingStore, lines},
    vault::{DataKey, Rotated, Secret},
    warehouse::{Dataset, Query},
};
use integration_tests::{
    As, Options, TestApp,
    faults::{Fault, Faults},
    kms::Kms,
};
use jiff::SignedDuration;
use serde_json::{Map, json};

/// An app over Cloud KMS's stand-in, with an organization and its credentials.
struct World {
    app: TestApp,
    kms: Kms,
    proxy: Faults,
}

const NAMES: [&str; 3] = ["default", "second", "third"];
const LASTS: SignedDuration = DataKey::LASTS;

impl World {
    async fn new() -> Self {
        let kms = Kms::start().await;
        let proxy = Faults::before(kms.host()).await;
        let app = TestApp::with(options(&kms, &proxy)).await;
        let bootstrap = app.post(As::Root, "/api/v1/admin/bootstrap").json(&json!({}));
        let _ = bootstrap.send().await.json_of(200);
        let body = json!({ "org_slug": "Acme", "company_name": "A", "admin_email": "a@a.example" });
        let onboard = app.post(As::Root, "/api/v1/organizations/onboard").json(&body);
        let _ = onboard.send().await.json_of(201);
        let world = Self { app, kms, proxy };
        for name in NAMES {
            world.connect(name).await;
        }
        world
    }

    async fn connect(&self, name: &str) {
        let (state, now) = (&self.app.state, self.app.clock.now());
        let secret = Secret::new(name.as_bytes().to_vec());
        let integration = Integration {
            integration_id: state.ids.new_id(),
            provider: "anvil".to_owned(),
            name: name.to_owned(),
            status: IntegrationStatus::Valid,
            fingerprint: "x".to_owned(),
            sealed: state.vault.seal(&acme(), ("anvil", name), &secret).await.unwrap(),
            settings: std::collections::BTreeMap::new(),
            created_at: now,
            updated_at: now,
            last_checked_at: now,
            last_error: None,
            unanswered: 0,
            version: 1,
            other: Map::new(),
        };
        let key = Integration::key(&org(), "anvil", name);
        state.store.commit(vec![integration.create(key).unwrap()]).await.unwrap();
    }

    async fn key(&self, version: u32) -> DataKey {
        let key = DataKey::key(&acme(), version);
        let held = self.app.state.store.find::<DataKey>(&key, self.app.clock.now()).await.unwrap();
        held.unwrap_or_else(|| panic!("no data key {version}")).value
    }

    async fn rotate(&self) -> Rotated {
        self.app.state.sweep.rotation.sweep(self.app.clock.now()).await.unwrap()
    }

    /// What seals each credential; each opens, with nothing remembered.
    async fn sealed_by(&self) -> Vec<u32> {
        let fresh = another(self, None).await;
        let (store, now) = (&self.app.state.store, self.app.clock.now());
        let mut versions = Vec::new();
        for name in NAMES {
            let key = Integration::key(&org(), "anvil", name);
            let held = store.find::<Integration>(&key, now).await.unwrap().unwrap();
            let opened =
                fresh.state.vault.open(&acme(), ("anvil", name), &held.value.sealed).await.unwrap();
            assert_eq!(opened.expose(), name.as_bytes());
            versions.push(held.value.sealed.key_version);
        }
        versions
    }

    /// The newest rows of `org_kms_keys`, by data key.
    async fn ledger(&self) -> String {
        let prql = "from org_kms_keys\nfilter org_slug == \"Acme\"\n\
            group data_key_id (sort {-version, -row_id} | take 1)\nsort data_key_id\n\
            select { data_key_id, kms_key_version, active, rotated = rotated_at != null }\n";
        let query = Query { prql: prql.to_owned(), ..Query::new("test", "") };
        let answer = self.app.state.warehouse.query(&Dataset::System, &query).await.unwrap();
        lines(&answer.batches).unwrap().join("\n")
    }
}

fn options(kms: &Kms, proxy: &Faults) -> Options {
    let mut settings = std::collections::BTreeMap::from(kms.settings());
    settings.insert("KMS_EMULATOR_HOST".to_owned(), proxy.host().to_owned());
    Options { settings, ..Options::default() }
}

/// Another process on the same store, with the same keys, which may die at a point.
async fn another(world: &World, point: Option<&CrashPoint>) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(world.app.folder.path().join("hash.key"), folder.path().join("hash.key")).unwrap();
    let mut store = world.app.state.store.clone();
    if let Some(point) = point {
        store = Arc::new(CrashingStore::new(store, point.clone()));
    }
    TestApp::with(Options {
        folder: Some(Arc::new(folder)),
        clock: Some(world.app.clock.clone()),
        wrap_store: Some(Box::new(|_| store)),
        ..options(&world.kms, &world.proxy)
    })
    .await
}

fn org() -> OrgSlug {
    OrgSlug::parse("Acme").unwrap()
}

fn acme() -> Owner {
    Owner::Org(org())
}

#[tokio::test]
async fn a_key_that_is_old_enough_gets_a_successor_that_seals_everything() {
    let world = World::new().await;
    world.app.clock.advance(LASTS - SignedDuration::from_secs(1));
    assert_eq!(world.rotate().await, Rotated::default(), "it is not due yet");
    assert_eq!(world.sealed_by().await, [1, 1, 1]);
    world.app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(world.rotate().await.failed, 0);
    assert_eq!(world.sealed_by().await, [2, 2, 2]);
    let (old, new) = (world.key(1).await, world.key(2).await);
    assert_eq!(old.retired_at, Some(world.app.clock.now()));
    assert!(old.emptied_at.is_some() && new.retired_at.is_none());
    assert_eq!(world.rotate().await, Rotated::default(), "nothing is left to do");
    // Data key, version of the KMS's key, whether it seals, whether it was replaced.
    insta::assert_snapshot!(world.ledger().await, @r"
    1|1|false|true
    2|1|true|false
    ");
}

/// What an operator does who does not trust a key any more: see *Data keys* in OPERATIONS.
#[tokio::test]
async fn a_key_that_is_made_due_is_replaced_by_the_next_sweep() {
    let world = World::new().await;
    let (store, now) = (&world.app.state.store, world.app.clock.now());
    let stored = store.get(&DataKey::key(&acme(), 1)).await.unwrap().unwrap();
    store.put_off(stored, now).await.unwrap();
    world.app.sweep().await;
    assert_eq!(world.sealed_by().await, [2, 2, 2]);
    assert_eq!(world.key(1).await.retired_at, Some(now));
    assert_eq!(world.rotate().await, Rotated::default(), "the successor has its own time");
}

#[tokio::test]
async fn afterwards_the_versions_of_the_kms_before_are_not_needed() {
    let world = World::new().await;
    world.kms.rotate();
    world.app.clock.advance(LASTS);
    world.rotate().await;
    for version in [1, 2] {
        assert_eq!(world.key(version).await.kms_key_version, "2");
    }
    world.kms.disable(1);
    assert_eq!(world.sealed_by().await, [2, 2, 2]);
}

#[tokio::test]
async fn answers_to_repeated_requests_survive_a_rotation() {
    let world = World::new().await;
    let body = json!({ "file_name": "a.csv" });
    let start = || {
        let path = "/api/v1/pipelines/acme/uploads";
        world.app.post(As::Root, path).once("same").json(&body).send()
    };
    world.app.clock.advance(LASTS - SignedDuration::from_hours(1));
    let first = start().await.json_of(201);
    world.app.clock.advance(SignedDuration::from_hours(1));
    world.app.sweep().await;
    assert!(world.key(1).await.retired_at.is_some());
    assert_eq!(start().await.json_of(201), first);
}

#[tokio::test]
async fn cut_off_after_any_write_everything_opens_and_the_next_sweep_ends_it() {
    let world = World::new().await;
    let mut newest = 1;
    for at in 1..20 {
        world.app.clock.advance(LASTS);
        let point = CrashPoint::after(at);
        let dying = another(&world, Some(&point)).await;
        let sweep = dying.state.sweep.rotation.sweep(world.app.clock.now());
        let ended = point.run(sweep).await.is_some();
        let between = world.sealed_by().await;
        assert!(between.iter().all(|version| (newest..=newest + 1).contains(version)));
        world.app.clock.advance(SignedDuration::from_mins(1));
        assert_eq!(world.rotate().await.failed, 0);
        newest += 1;
        assert_eq!(world.sealed_by().await, [newest; 3]);
        assert!(world.key(newest - 1).await.emptied_at.is_some());
        assert!(world.key(newest).await.retired_at.is_none(), "two successors of {newest}");
        if ended {
            assert!(at > 4, "a successor, three credentials and an end are five writes");
            return;
        }
    }
    panic!("more writes than were tried");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sweeps_at_the_same_time_one_makes_the_successor_and_sealing_goes_on() {
    let world = World::new().await;
    world.app.clock.advance(LASTS);
    let vault = &world.app.state.vault;
    let sealing = async {
        for round in 0..50 {
            let secret = Secret::new(format!("secret {round}").into_bytes());
            let sealed = vault.seal(&acme(), ("anvil", "other"), &secret).await.unwrap();
            tokio::task::yield_now().await;
            assert_eq!(vault.open(&acme(), ("anvil", "other"), &sealed).await.unwrap(), secret);
        }
    };
    tokio::join!(sealing, world.rotate(), world.rotate(), world.rotate());
    world.app.clock.advance(SignedDuration::from_mins(10));
    world.rotate().await;
    assert_eq!(world.sealed_by().await, [2, 2, 2]);
    assert!(world.key(2).await.retired_at.is_none());
}

#[tokio::test]
async fn a_kms_that_does_not_answer_puts_it_off_and_changes_nothing() {
    let world = World::new().await;
    world.app.clock.advance(LASTS);
    world.proxy.always("", Fault::UNAVAILABLE);
    let rotated = world.rotate().await;
    assert!(rotated.failed > 0 && rotated.keys == 0, "{rotated:?}");
    assert_eq!(world.key(1).await.retired_at, None);
    world.proxy.clear();
    assert_eq!(world.rotate().await, Rotated::default(), "it comes later");
    world.app.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(world.rotate().await.failed, 0);
    assert_eq!(world.sealed_by().await, [2, 2, 2]);
}
