//! Ids of one organization under the path of another: as if they were nobody's.

use std::collections::BTreeMap;

use convergence::{
    entities::KeyScope,
    org::OrgSlug,
    runs::Run,
    store::{Collection, Entity as _, List, PageRequest},
};
use integration_tests::{As, TestApp};
use serde_json::{Value, json};

use super::{
    cases::{Who, who},
    walk::{Endpoint, endpoints},
};
use crate::auth::world::key;

/// What globex has that has an id, by the parameter that names it.
struct Globex {
    app: TestApp,
    ids: Vec<(&'static str, String)>,
}

impl Globex {
    async fn new() -> Self {
        let app = TestApp::new().await;
        for slug in ["acme", "globex"] {
            let body =
                json!({ "org_slug": slug, "company_name": "A", "admin_email": "a@b.example" });
            let call = app.post(As::Root, "/api/v1/organizations/onboard").json(&body);
            let _ = call.send().await.expect(201);
        }
        let mut globex = Self { app, ids: Vec::new() };
        globex.connect().await;
        let key = globex.makes("organizations/globex/api-keys", json!({ "name": "a key" })).await;
        let used = globex.upload().await;
        globex.put(&used, "BilledCost,BillingCurrency,ChargePeriodStart\n1,USD,2026-05-01\n").await;
        let input = json!({ "input": format!("upload://{used}") });
        let run = globex.makes("pipelines/run/globex/focus/cost/import", input).await;
        let backfill = globex.backfill().await;
        let subscription =
            globex.makes("integrations/globex/focus/subscriptions", subscribed()).await;
        globex.ids = vec![
            ("{key_id}", key["key_id"].as_str().unwrap().to_owned()),
            ("{upload_id}", globex.upload().await),
            ("{run_id}", run["run_id"].as_str().unwrap().to_owned()),
            ("{run_id}", backfill),
            ("{subscription_id}", subscription["subscription_id"].as_str().unwrap().to_owned()),
            ("{provider}", "focus".to_owned()),
        ];
        globex
    }

    async fn makes(&self, path: &str, body: Value) -> Value {
        let answer = self.app.post(As::Root, &format!("/api/v1/{path}")).json(&body).send().await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
        answer.json()
    }

    async fn connect(&self) {
        let folder = self.app.folder.path().join("bills");
        std::fs::create_dir(&folder).unwrap();
        let prefix = format!("file://{}/", folder.display());
        let body = json!({ "credential": { "input_prefix": prefix } });
        let _ = self.makes("integrations/globex/focus/setup", body).await;
    }

    /// An upload that still waits for its bytes.
    async fn upload(&self) -> String {
        let body = json!({ "file_name": "a.csv" });
        let upload = self.makes("pipelines/globex/uploads", body).await;
        upload["upload_id"].as_str().unwrap().to_owned()
    }

    async fn put(&self, upload: &str, bytes: &'static str) {
        let path = format!("/api/v1/pipelines/globex/uploads/{upload}");
        let _ = self.app.put(As::Root, &path).body(bytes).send().await.expect(200);
    }

    /// A backfill under way: no shipped pipeline is over days yet, so its document is made here.
    async fn backfill(&self) -> String {
        let (id, now) = (self.app.state.ids.new_id(), self.app.state.clock.now());
        let run: Run = serde_json::from_value(json!({
            "run_id": id, "org_slug": "globex", "pipeline": "focus/cost/import",
            "source": "focus/default", "trigger": "request", "requested_by": "root:root",
            "status": "RUNNING", "created_at": now, "counted_on": "2026-07-01", "version": 1,
            "window": { "start": "2026-05-01", "end": "2026-06-30" },
            "backfill": { "windows": [], "started": 0, "ended": {} },
        }))
        .unwrap();
        let key = Run::key(&OrgSlug::parse("globex").unwrap(), id);
        self.app.state.store.commit(vec![run.create(key).unwrap()]).await.unwrap();
        id.to_string()
    }

    /// Every endpoint that takes one of the ids, with that id; reading ones first, and those that
    /// forget last.
    fn calls(&self) -> Vec<(Endpoint, String)> {
        let mut calls = Vec::new();
        for (parameter, id) in &self.ids {
            let takes = |it: &Endpoint| it.of_org() && it.path.contains(parameter);
            for endpoint in endpoints(local::router()).into_iter().filter(takes) {
                // A provider is nobody's; what is somebody's is the connection to it.
                let connection = endpoint.path.starts_with("/api/v1/integrations/")
                    && !["/setup", "/subscriptions", "/pricing"]
                        .iter()
                        .any(|end| endpoint.path.ends_with(end))
                    && !endpoint.path.contains("/{subscription_id}")
                    && !endpoint.path.contains("/{model}");
                if *parameter != "{provider}" || connection {
                    calls.push((endpoint, id.clone()));
                }
            }
        }
        let order = ["get", "put", "post", "patch", "delete"];
        calls.sort_by_key(|(endpoint, _)| order.iter().position(|it| *it == endpoint.method));
        calls
    }

    /// Every document there is.
    async fn documents(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for collection in Collection::ALL {
            let page = PageRequest { limit: 1000, after: None };
            let list = List { collection, owner: None, filters: Vec::new(), page };
            for stored in self.app.state.store.list(&list).await.unwrap().items {
                all.insert(stored.key.to_string(), format!("{stored:?}"));
            }
        }
        all
    }
}

fn subscribed() -> Value {
    json!({
        "name": "Slack", "currency": "USD", "price": "1", "cycle": "monthly",
        "start_date": "2026-01-01",
    })
}

#[tokio::test]
async fn anothers_id_is_nobodys_id_and_changes_nothing() {
    let globex = Globex::new().await;
    let acme = As::Key(key(&globex.app, "acme", &KeyScope::ALL).await.expose().to_owned());
    let before = globex.documents().await;
    let mut seen = 0;
    for (endpoint, id) in globex.calls() {
        let callers = match who(&endpoint.method, &endpoint.path) {
            Some(Who::Key(_)) => vec![As::Root, acme.clone()],
            _ => vec![As::Root],
        };
        for caller in callers {
            let answer = endpoint.with(&globex.app, caller, "acme", &id).send().await;
            let (status, code, message) = answer.refusal();
            let named = format!("{} {} with {id}: {message}", endpoint.method, endpoint.path);
            assert_eq!((status, code.as_str()), (404, "not_found"), "{named}");
            assert!(!message.contains("globex"), "{named}");
            seen += 1;
        }
    }
    assert!(seen >= 24, "only {seen} calls: the list of ids is no longer what the endpoints take");
    assert_eq!(globex.documents().await, before);
}

/// Else the test above would prove nothing.
#[tokio::test]
async fn under_their_own_path_the_same_ids_are_something() {
    let globex = Globex::new().await;
    for (endpoint, id) in globex.calls() {
        let response = endpoint.with(&globex.app, As::Root, "globex", &id).response().await;
        let named = format!("{} {} with {id}", endpoint.method, endpoint.path);
        assert_ne!(response.status().as_u16(), 404, "{named}");
    }
}
