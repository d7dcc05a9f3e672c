//! Pipelines over HTTP: a file goes up, a run is asked for, delivered, looked at.

use convergence::{
    testing::content_hash,
    warehouse::{Dataset, ParamValue, Query},
};
use integration_tests::{As, TestApp};
use serde_json::{Value, json};

pub(crate) const SAMPLE: &[u8] = include_bytes!("../../../demo/focus-1.0-sample-1000.csv");
pub(crate) const IMPORT: &str = "focus/cost/import";

/// An organization and its key.
pub(crate) struct Tenant<'a> {
    app: &'a TestApp,
    org: &'static str,
    key: String,
}

pub(crate) async fn tenant<'a>(app: &'a TestApp, org: &'static str) -> Tenant<'a> {
    let body = json!({ "org_slug": org, "company_name": "Acme", "admin_email": "a@acme.example" });
    let call = app.post(As::Root, "/api/v1/organizations/onboard").json(&body);
    let answer = call.send().await.json_of(201);
    Tenant { app, org, key: answer["api_key"].as_str().unwrap().to_owned() }
}

impl Tenant<'_> {
    pub(super) fn by(&self) -> As {
        As::Key(self.key.clone())
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/v1/pipelines/{}/{rest}", self.org)
    }

    pub(crate) async fn get(&self, rest: &str) -> Value {
        self.app.get(self.by(), &self.path(rest)).send().await.json_of(200)
    }

    /// Sends a file; returns what a run names it by.
    pub(crate) async fn upload(&self, name: &str, bytes: &[u8]) -> String {
        let start = self.app.post(self.by(), &self.path("uploads"));
        let started = start.json(&json!({ "file_name": name })).send().await.json_of(201);
        let put = self.app.put(self.by(), started["url"].as_str().unwrap());
        let received = put.body(bytes.to_vec()).send().await.json_of(200);
        assert_eq!(received["bytes"], bytes.len());
        started["input"].as_str().unwrap().to_owned()
    }

    pub(crate) fn asks(&self, pipeline: &str, body: &Value) -> integration_tests::Call<'_> {
        let path = format!("/api/v1/pipelines/run/{}/{pipeline}", self.org);
        self.app.post(self.by(), &path).json(body)
    }

    /// Imports a file to its end; returns the run.
    pub(crate) async fn import(&self, bytes: &[u8], more: Value) -> Value {
        let mut body = more;
        body["input"] = self.upload("costs.csv", bytes).await.into();
        let accepted = self.asks(IMPORT, &body).send().await.json_of(202);
        assert_eq!(accepted["status"], "PENDING");
        self.app.deliver().await;
        self.get(&format!("runs/{}", accepted["run_id"].as_str().unwrap())).await
    }

    pub(super) fn dataset(&self) -> Dataset {
        Dataset::Org(convergence::org::OrgSlug::parse(self.org).unwrap())
    }

    pub(super) async fn hash(&self) -> String {
        let warehouse = &*self.app.state.warehouse;
        content_hash(warehouse, &self.dataset(), "focus_import").await.unwrap()
    }

    async fn billed(&self, table: &str) -> String {
        let text = format!("from {table}\naggregate {{ total = sum_known BilledCost }}\n");
        let query = Query { prql: text, ..Query::new("test", "") };
        let answer = self.app.state.warehouse.query(&self.dataset(), &query).await.unwrap();
        convergence::testing::lines(&answer.batches).unwrap().join("")
    }
}

#[tokio::test]
async fn the_sample_comes_in_exactly() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let run = acme.import(SAMPLE, json!({})).await;
    assert_eq!(run["status"], "COMPLETED", "{run:#}");
    let step = &run["steps"][0];
    assert_eq!((&step["step_id"], &step["rows"]), (&json!("import"), &json!(1000)));
    assert_eq!(run["rejected_rows"], 0);
    for table in ["focus_import", "costs_daily"] {
        assert!(acme.billed(table).await.contains("20.52022672899"), "{table}");
    }
    assert!(run["findings"].as_array().unwrap().len() > 3, "{run:#}");
    let quota = app.get(As::Root, "/api/v1/organizations/acme").send().await.json_of(200);
    assert_eq!(quota["usage"]["concurrent_runs"]["used"], 0, "{quota:#}");
}

#[tokio::test]
async fn the_same_file_five_times_is_the_same_rows_once() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let mut hashes = Vec::new();
    for _ in 0..5 {
        let run = acme.import(SAMPLE, json!({})).await;
        assert_eq!((&run["status"], &run["steps"][0]["rows"]), (&json!("COMPLETED"), &json!(1000)));
        hashes.push(acme.hash().await);
    }
    hashes.dedup();
    assert_eq!(hashes.len(), 1);
}

const HEADER: &str = "BilledCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName,ServiceCategory,EffectiveCost,ListCost,ContractedCost\n";

/// A FOCUS file with a row per cost, all in a month.
pub(super) fn file(month: &str, costs: &[&str]) -> Vec<u8> {
    let row = |cost: &&str| {
        format!("{cost},USD,{month}-01,2026-12-31,{month}-05,{month}-06,Usage,Disk,Storage,1,1,1\n")
    };
    let rows: String = costs.iter().map(row).collect();
    format!("{HEADER}{rows}").into_bytes()
}

#[tokio::test]
async fn rows_that_cannot_be_used_are_counted_listed_and_kept() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let run = acme.import(&file("2026-05", &["1", "NaN", "2", "", "1e400"]), json!({})).await;
    assert_eq!(run["status"], "COMPLETED", "{run:#}");
    assert_eq!((&run["steps"][0]["rows"], &run["rejected_rows"]), (&json!(2), &json!(3)));
    let rest = format!("runs/{}/rejected-rows", run["run_id"].as_str().unwrap());
    let first = acme.get(&format!("{rest}?limit=2")).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = acme.get(&format!("{rest}?limit=2&cursor={cursor}")).await;
    assert_eq!(second["next_cursor"], Value::Null);
    let all = [first["items"].as_array().unwrap(), second["items"].as_array().unwrap()];
    let numbers: Vec<_> = all.into_iter().flatten().map(|row| row["row_number"].as_u64()).collect();
    assert_eq!(numbers, [Some(3), Some(5), Some(6)]);
    assert_eq!(first["items"][0]["field"], "BilledCost");
    assert_eq!(first["items"][0]["value"], "NaN");
}

#[tokio::test]
async fn a_refused_file_leaves_nothing_and_says_why() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    acme.import(&file("2026-05", &["1"]), json!({})).await;
    let before = acme.hash().await;
    let files: [&[u8]; 4] =
        [b"a,b\n1,2\n", b"BilledCost,BilledCost\n1,2\n", b"PAR1nothing", b"\x1f\x8b\x08"];
    for bytes in files {
        let run = acme.import(bytes, json!({ "force": true })).await;
        assert_eq!(run["status"], "FAILED", "{run:#}");
        assert!(!run["error"]["message"].as_str().unwrap().is_empty());
        assert_eq!(run["error"], run["steps"][0]["error"]);
        assert_eq!(run["steps"][2]["status"], "SKIPPED");
    }
    assert_eq!(acme.hash().await, before);
    let run = acme.import(&file("2026-05", &["1"]), json!({})).await;
    assert_eq!(run["status"], "COMPLETED");
}

#[tokio::test]
async fn months_of_another_file_are_replaced_only_when_that_is_said() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    acme.import(&file("2026-05", &["1"]), json!({})).await;
    let both = [file("2026-05", &["2"]), file("2026-06", &["3"])[HEADER.len()..].to_vec()].concat();
    let run = acme.import(&both, json!({})).await;
    assert_eq!(
        (&run["status"], &run["error"]["code"]),
        (&json!("FAILED"), &json!("scope_conflict"))
    );
    assert!(run["error"]["message"].as_str().unwrap().contains("2026-05"), "{run:#}");
    assert!(acme.billed("focus_import").await.contains('1'));
    // Only June: May stays as it is.
    let run = acme.import(&both, json!({ "months": ["2026-06"] })).await;
    assert_eq!((&run["status"], &run["steps"][0]["rows"]), (&json!("COMPLETED"), &json!(1)));
    assert!(acme.billed("focus_import").await.contains('4'));
    let run = acme.import(&both, json!({ "force": true })).await;
    assert_eq!(run["status"], "COMPLETED", "{run:#}");
    assert!(acme.billed("focus_import").await.contains('5'));
    // Another source is another connection: nothing of it is in the way.
    let run = acme.import(&file("2026-05", &["10"]), json!({ "source": "second" })).await;
    assert_eq!(run["status"], "COMPLETED");
    assert!(acme.billed("focus_import").await.contains("15"));
}

#[tokio::test]
async fn the_same_key_and_body_is_one_run_and_another_body_a_conflict() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let body = json!({ "input": acme.upload("a.csv", SAMPLE).await });
    let first = acme.asks(IMPORT, &body).once("k").send().await.json_of(202);
    let again = acme.asks(IMPORT, &body).once("k").send().await.json_of(202);
    assert_eq!(first, again);
    let other = json!({ "input": body["input"], "force": true });
    assert_eq!(acme.asks(IMPORT, &other).once("k").send().await.refusal().0, 409);
    assert_eq!(app.deliver().await, 1);
    assert_eq!(acme.get("runs").await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let refused = |pipeline: &'static str, body: Value| {
        let call = acme.asks(pipeline, &body);
        async move { call.send().await.refusal() }
    };
    let (status, _, message) = refused("focus/cost/imports", json!({})).await;
    assert_eq!(status, 404);
    assert!(message.contains(IMPORT), "{message}");
    assert_eq!(refused("focus/import", json!({})).await.0, 404);
    for body in [
        json!({}),
        json!({ "inputs": "x" }),
        json!({ "date": "2026-01-01" }),
        json!({ "input": "upload://01900000-0000-7000-8000-000000000000" }),
        json!({ "input": "upload://../../etc/passwd" }),
        json!({ "input": "gs://bucket/file" }),
        json!({ "input": "file:///etc/passwd" }),
        json!({ "input": "/etc/passwd" }),
        json!([]),
    ] {
        let (status, code, _) = refused(IMPORT, body.clone()).await;
        assert_eq!((status, code.as_str()), (422, "invalid"), "{body}");
    }
    assert_eq!(acme.get("runs").await["items"], json!([]));
}

#[tokio::test]
async fn a_path_is_taken_only_from_the_same_machine_and_read_once() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let path = app.folder.path().join("costs.csv");
    std::fs::write(&path, file("2026-05", &["1.25"])).unwrap();
    let body = json!({ "input": format!("file://{}", path.display()) });
    let boot = app.state.boot.0.to_string();
    let stranger = uuid::Uuid::nil().to_string();
    let call = acme.asks(IMPORT, &body).header("x-ca-boot-id", stranger);
    assert_eq!(call.send().await.refusal().0, 422);
    let call = acme.asks(IMPORT, &body).header("x-ca-boot-id", &boot);
    let accepted = call.send().await.json_of(202);
    app.deliver().await;
    let run = acme.get(&format!("runs/{}", accepted["run_id"].as_str().unwrap())).await;
    assert_eq!(run["status"], "COMPLETED", "{run:#}");
    assert_eq!(run["input_sha256"].as_str().unwrap().len(), 64);
    // Kept under its hash: another try does not need the path any more.
    std::fs::remove_file(&path).unwrap();
    let retry = acme.path(&format!("runs/{}/retry", accepted["run_id"].as_str().unwrap()));
    let again = app.post(acme.by(), &retry).json(&json!({})).send().await.json_of(202);
    app.deliver().await;
    let again = acme.get(&format!("runs/{}", again["run_id"].as_str().unwrap())).await;
    assert_eq!((&again["status"], &again["retry_of"]), (&json!("COMPLETED"), &run["run_id"]));
}

#[tokio::test]
async fn an_upload_is_received_once_whole_and_only_by_its_organization() {
    let app = TestApp::new().await;
    let (acme, other) = (tenant(&app, "acme").await, tenant(&app, "other").await);
    let start = app.post(acme.by(), &acme.path("uploads")).json(&json!({ "file_name": "a.csv" }));
    let started = start.send().await.json_of(201);
    let body = json!({ "input": started["input"] });
    let unfinished = acme.asks(IMPORT, &body).send().await.refusal();
    assert_eq!(unfinished.0, 422);
    let url = started["url"].as_str().unwrap();
    assert_eq!(app.put(acme.by(), url).send().await.refusal().0, 400);
    let _ = app.put(acme.by(), url).body(SAMPLE.to_vec()).send().await.expect(200);
    assert_eq!(app.put(acme.by(), url).body(SAMPLE.to_vec()).send().await.refusal().0, 409);
    assert_eq!(other.asks(IMPORT, &body).send().await.refusal().0, 422);
    let theirs = url.replace("/acme/", "/other/");
    assert_eq!(app.put(other.by(), &theirs).body("x").send().await.refusal().0, 404);
    for name in ["", "../a.csv", "a/b.csv", "a\u{0}.csv"] {
        let call = app.post(acme.by(), &acme.path("uploads")).json(&json!({ "file_name": name }));
        assert_eq!(call.send().await.refusal().0, 422, "{name:?}");
    }
}

#[tokio::test]
async fn a_run_is_listed_followed_cancelled_and_nobody_elses() {
    let app = TestApp::new().await;
    let (acme, other) = (tenant(&app, "acme").await, tenant(&app, "other").await);
    let body = json!({ "input": acme.upload("a.csv", SAMPLE).await });
    let accepted = acme.asks(IMPORT, &body).send().await.json_of(202);
    let rest = format!("runs/{}", accepted["run_id"].as_str().unwrap());
    assert_eq!(acme.get("runs?status=PENDING").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(acme.get("runs?status=FAILED").await["items"], json!([]));
    assert_eq!(other.get("runs").await["items"], json!([]));
    for rest in [rest.clone(), format!("{rest}/events"), format!("{rest}/rejected-rows")] {
        assert_eq!(app.get(other.by(), &other.path(&rest)).send().await.refusal().0, 404);
    }
    let cancel = acme.path(&format!("{rest}/cancel"));
    let theirs = other.path(&format!("{rest}/cancel"));
    assert_eq!(app.post(other.by(), &theirs).send().await.refusal().0, 404);
    // Nothing was ever rejected here: there is not even a table.
    assert_eq!(acme.get(&format!("{rest}/rejected-rows")).await["items"], json!([]));
    let cancelled = app.post(acme.by(), &cancel).send().await.json_of(202);
    assert_eq!(cancelled["status"], "CANCELLED");
    assert_eq!(app.post(acme.by(), &cancel).send().await.refusal().0, 409);
    let events = app.get(acme.by(), &acme.path(&format!("{rest}/events"))).send().await.expect(200);
    assert_eq!(events.header("content-type"), "text/event-stream");
    assert!(events.text().starts_with("event: end\n"), "{}", events.text());
    let retry = acme.path(&format!("{rest}/retry"));
    let again = app.post(acme.by(), &retry).json(&json!({})).send().await.json_of(202);
    app.deliver().await;
    let again = acme.get(&format!("runs/{}", again["run_id"].as_str().unwrap())).await;
    assert_eq!((&again["status"], &again["trigger"]), (&json!("COMPLETED"), &json!("retry")));
}

#[tokio::test]
async fn what_a_run_would_check_is_checked_without_running() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let listed = app.get(As::Nobody, "/api/v1/validator/pipelines").send().await.json_of(200);
    let names: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|it| &it["pipeline"]).collect();
    assert!(names.contains(&&json!(IMPORT)), "{names:?}");
    let path = format!("/api/v1/validator/pipelines/acme/{IMPORT}");
    let body = json!({ "input": acme.upload("a.csv", SAMPLE).await });
    let fine = app.post(acme.by(), &path).json(&body).send().await.json_of(200);
    assert_eq!((&fine["source"], &fine["runs"]), (&json!("focus/default"), &json!(1)));
    assert_eq!(app.post(acme.by(), &path).json(&json!({})).send().await.refusal().0, 422);
    assert_eq!(acme.get("runs").await["items"], json!([]));
}

#[tokio::test]
async fn ledgers_tell_of_the_run_and_its_steps() {
    let app = TestApp::new().await;
    let _ = app.post(As::Root, "/api/v1/admin/bootstrap").json(&json!({})).send().await.expect(200);
    let acme = tenant(&app, "acme").await;
    let run = acme.import(SAMPLE, json!({})).await;
    let told = async |text: &str| {
        let id = ParamValue::String(run["run_id"].as_str().unwrap().to_owned());
        let query = Query { prql: text.to_owned(), ..Query::new("test", "") }.with("run", "");
        let query = Query { params: [("run", id)].into(), ..query };
        let answer = app.state.warehouse.query(&Dataset::System, &query).await.unwrap();
        convergence::testing::lines(&answer.batches).unwrap()
    };
    let states = told("from org_meta_pipeline_runs\nfilter run_id == $run\nsort version\nselect {status, rejected_rows}\n").await;
    assert_eq!(states.len(), 3, "{states:?}");
    assert!(states[0].contains("COMPLETED"), "{states:?}");
    let steps =
        told("from org_meta_step_logs\nfilter run_id == $run\nselect {step_id, status}\n").await;
    assert_eq!(steps.len(), 3, "{steps:?}");
    let checks =
        told("from org_meta_dq_results\nfilter run_id == $run\nselect {rule, passed}\n").await;
    assert_eq!(checks.len(), run["checks"].as_array().unwrap().len());
    let quotas =
        told("from org_usage_quotas\nfilter run_id == $run\nselect {action, concurrent_runs}\n")
            .await;
    assert_eq!(quotas.len(), 2, "{quotas:?}");
    let audit = app.get(As::Root, "/api/v1/organizations/acme/audit").send().await.json_of(200);
    assert!(audit.to_string().contains("run.submit"), "{audit:#}");
}
