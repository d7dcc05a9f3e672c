//! The routes of subscriptions: kept once, changed by versions, forgotten; every change told.

use integration_tests::{As, TestApp};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/integrations/acme/saas/subscriptions";

pub(super) async fn acme() -> (TestApp, As) {
    let app = TestApp::new().await;
    let _ = app.post(As::Root, "/api/v1/admin/bootstrap").json(&json!({})).send().await.expect(200);
    let body = json!({ "org_slug": "acme", "company_name": "Acme", "admin_email": "a@b.example" });
    let call = app.post(As::Root, "/api/v1/organizations/onboard").json(&body);
    let answer = call.send().await.json_of(201);
    let key = As::Key(answer["api_key"].as_str().unwrap().to_owned());
    (app, key)
}

pub(super) fn slack() -> Value {
    json!({
        "template": "slack", "plan": "Business+", "currency": "USD", "seats": 10,
        "price": "12.50", "cycle": "monthly", "start_date": "2026-05-15",
    })
}

pub(super) async fn keep(app: &TestApp, key: &As, body: &Value) -> Value {
    app.post(key.clone(), PATH).json(body).send().await.json_of(201)
}

fn one(subscription: &Value) -> String {
    format!("{PATH}/{}", subscription["subscription_id"].as_str().unwrap())
}

#[tokio::test]
async fn a_subscription_is_kept_and_shown_with_what_its_template_says() {
    let (app, key) = acme().await;
    let kept = keep(&app, &key, &slack()).await;
    assert_eq!((&kept["name"], &kept["vendor"]), (&json!("Slack"), &json!("Salesforce")));
    assert_eq!(kept["service_category"], "Business Applications");
    assert_eq!(kept["versions"][0]["cycle_price"], "125");
    assert_eq!(kept["days_in"], "UTC");
    let list = app.get(key.clone(), PATH).send().await.json_of(200);
    assert_eq!(list["items"], json!([kept]));
    let others = "/api/v1/integrations/acme/focus/subscriptions";
    assert_eq!(app.get(key, others).send().await.json_of(200)["items"], json!([]));
}

#[tokio::test]
async fn the_same_request_sent_twice_keeps_one_and_gives_the_first_answer_again() {
    let (app, key) = acme().await;
    let once = |body: Value| {
        let (app, key) = (&app, key.clone());
        async move { app.post(key, PATH).once("k1").json(&body).send().await }
    };
    let first = once(slack()).await.json_of(201);
    assert_eq!(once(slack()).await.json_of(201), first);
    let mut other = slack();
    other["seats"] = json!(11);
    assert_eq!(once(other).await.status, 409);
    let list = app.get(key, PATH).send().await.json_of(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_mistake_is_told_at_once_and_nothing_is_kept() {
    let (app, key) = acme().await;
    let body = json!({
        "currency": "XXQ", "start_date": "2026-02-30", "price": "1e-30", "cycle": "weekly",
        "discount_percent": "5", "discount_amount": "5", "end_date": "soon",
        "service_category": "Toys",
    });
    let refused = app.post(key.clone(), PATH).json(&body).send().await.json_of(422);
    let details = refused["details"].as_array().unwrap();
    let fields: Vec<_> = details.iter().map(|detail| detail["field"].as_str().unwrap()).collect();
    assert_eq!(
        fields,
        [
            "name",
            "service_category",
            "currency",
            "start_date",
            "end_date",
            "price",
            "cycle",
            "discount_amount"
        ]
    );
    for (field, value) in [
        ("price", json!("-1")),
        ("price", json!("0.12345678901")),
        ("price", json!(format!("{}.5", "9".repeat(40)))),
        ("price", json!("99999999999999999999")),
        ("seats", json!(0)),
        ("discount_percent", json!("100.5")),
        ("discount_amount", json!("125.01")),
        ("end_date", json!("2026-05-14")),
        ("trial_end_date", json!("2026-05-01")),
        ("template", json!("no such product")),
    ] {
        let mut body = slack();
        body[field] = value;
        let refused = app.post(key.clone(), PATH).json(&body).send().await.json_of(422);
        assert_eq!(refused["details"][0]["field"], field, "{refused:#}");
    }
    let unknown = json!({ "currency": "USD", "start_date": "2026-01-01", "price": "1", "cycle": "monthly", "colour": 1 });
    let _ = app.post(key.clone(), PATH).json(&unknown).send().await.json_of(422);
    assert_eq!(app.get(key, PATH).send().await.json_of(200)["items"], json!([]));
}

#[tokio::test]
async fn new_terms_begin_a_version_and_history_stays() {
    let (app, key) = acme().await;
    let kept = keep(&app, &key, &slack()).await;
    let put = |body: Value| {
        let (app, key, path) = (&app, key.clone(), one(&kept));
        async move { app.put(key, &path).json(&body).send().await }
    };
    let more = json!({ "effective_date": "2026-06-01", "seats": 12, "price": "12.50", "cycle": "monthly" });
    let changed = put(more.clone()).await.json_of(200);
    assert_eq!(changed["versions"][0], kept["versions"][0]);
    assert_eq!(changed["versions"][1]["seats"], 12);
    assert_eq!(changed["plan"], json!(null), "what the body leaves out is taken away");

    let (status, code, message) = put(more).await.refusal();
    assert_eq!((status, code.as_str()), (409, "conflict"));
    assert!(message.contains("2026-06-01 already"), "{message}");
    let undated = json!({ "seats": 13, "price": "12.50", "cycle": "monthly" });
    assert_eq!(put(undated).await.json_of(422)["details"][0]["field"], "effective_date");
    let before = json!({ "effective_date": "2026-05-14", "price": "1", "cycle": "monthly" });
    assert_eq!(put(before).await.json_of(422)["details"][0]["field"], "effective_date");

    let same = json!({
        "seats": 12, "price": "12.5", "cycle": "monthly", "end_date": "2027-05-14",
        "renewal_date": "2026-12-01", "notice_days": 30,
    });
    let ended = put(same).await.json_of(200);
    assert_eq!(ended["versions"], changed["versions"], "the same terms begin no version");
    assert_eq!(ended["next_renewal_date"], "2026-12-01");
    assert_eq!(ended["notice_by"], "2026-11-01");
}

#[tokio::test]
async fn a_forgotten_one_is_gone_and_a_strangers_was_never_there() {
    let (app, key) = acme().await;
    let kept = keep(&app, &key, &slack()).await;
    let elsewhere = one(&kept).replace("/saas/", "/focus/");
    assert_eq!(app.delete(key.clone(), &elsewhere).send().await.status, 404);
    let _ = app.delete(key.clone(), &one(&kept)).send().await.expect(204);
    assert_eq!(app.delete(key.clone(), &one(&kept)).send().await.status, 404);
    assert_eq!(app.delete(key.clone(), &format!("{PATH}/nonsense")).send().await.status, 404);
    let nobody = "/api/v1/integrations/acme/nobody/subscriptions";
    assert_eq!(app.get(key, nobody).send().await.status, 404);
}

#[tokio::test]
async fn every_change_is_in_the_organizations_ledger_and_in_the_audit_log() {
    let (app, key) = acme().await;
    let kept = keep(&app, &key, &slack()).await;
    let more = json!({ "effective_date": "2026-06-01", "seats": 12, "price": "12.50", "cycle": "monthly" });
    let _ = app.put(key.clone(), &one(&kept)).json(&more).send().await.expect(200);
    let _ = app.delete(key.clone(), &one(&kept)).send().await.expect(204);
    let query = "from saas_subscriptions\nsort {version, effective_date}\n\
                 select {effective_date, seats, price, active, replaces}";
    let query = convergence::warehouse::Query::new("test", query);
    let org = convergence::org::OrgSlug::parse("acme").unwrap();
    let dataset = convergence::warehouse::Dataset::Org(org);
    let answer = app.state.warehouse.query(&dataset, &query).await.unwrap();
    let table = arrow::util::pretty::pretty_format_batches(&answer.batches).unwrap().to_string();
    assert_eq!(table.matches("2026-05-15").count(), 3, "{table}");
    assert_eq!(table.matches("2026-06-01").count(), 2, "{table}");
    assert_eq!(table.matches("false").count(), 2, "the last two say that it is forgotten\n{table}");
    let audit = app.get(As::Root, "/api/v1/organizations/acme/audit").send().await.json_of(200);
    let actions = audit["items"].to_string();
    for action in ["subscription.create", "subscription.change", "subscription.delete"] {
        assert!(actions.contains(action), "{actions}");
    }
}
