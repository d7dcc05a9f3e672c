//! The routes of prices: shipped ones shown, own ones added by date, replaced and forgotten.

use integration_tests::{As, TestApp};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/integrations/acme/openai/pricing";

async fn acme() -> (TestApp, As) {
    let app = TestApp::new().await;
    let _ = app.post(As::Root, "/api/v1/admin/bootstrap").json(&json!({})).send().await.expect(200);
    let body = json!({ "org_slug": "acme", "company_name": "Acme", "admin_email": "a@b.example" });
    let call = app.post(As::Root, "/api/v1/organizations/onboard").json(&body);
    let answer = call.send().await.json_of(201);
    let key = As::Key(answer["api_key"].as_str().unwrap().to_owned());
    (app, key)
}

fn period(model: &str, from: &str, input: &str) -> Value {
    let prices = json!([{ "input": input, "output": "8" }, { "tier": "batch", "input": "0.5" }]);
    json!({ "model": model, "period": { "from": from, "currency": "USD", "prices": prices } })
}

async fn add(app: &TestApp, key: &As, body: &Value) -> Value {
    app.post(key.clone(), PATH).json(body).send().await.json_of(201)
}

/// The prices of a model on a day.
async fn on(app: &TestApp, key: &As, model: &str, day: &str) -> Value {
    let path = format!("{PATH}?limit=500&date={day}");
    let list = app.get(key.clone(), &path).send().await.json_of(200);
    let items = list["items"].as_array().unwrap();
    items.iter().find(|item| item["model"] == model).cloned().unwrap_or_default()
}

#[tokio::test]
async fn shipped_prices_are_shown_with_where_they_are_from() {
    let (app, key) = acme().await;
    let gpt = on(&app, &key, "gpt-4o", "2026-07-01").await;
    assert_eq!((&gpt["in_force"], &gpt["currency"]), (&json!("shipped"), &json!("USD")));
    assert!(gpt["source"].as_str().unwrap().contains("LiteLLM"));
    assert_eq!(gpt["prices"][0]["tier"], "standard");
    assert_eq!(gpt["prices"][0]["input"], "2.5", "for a million tokens, as a text");
    let nobody = "/api/v1/integrations/acme/nobody/pricing";
    assert_eq!(app.get(key.clone(), nobody).send().await.status, 404);
    let nothing = "/api/v1/integrations/acme/gcp/pricing";
    assert_eq!(app.get(key.clone(), nothing).send().await.json_of(200)["items"], json!([]));
    let never = app.get(key, &format!("{PATH}?date=2026-02-30")).send().await.json_of(422);
    assert_eq!(never["details"][0]["field"], "date");
}

#[tokio::test]
async fn pages_of_prices_have_every_model_once() {
    let (app, key) = acme().await;
    let (mut models, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{PATH}?limit=60{cursor}");
        let page = app.get(key.clone(), &path).send().await.json_of(200);
        let items = page["items"].as_array().unwrap();
        assert!(!items.is_empty() && items.len() <= 60);
        models.extend(items.iter().map(|item| item["model"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let all: Vec<_> = super::shipped()["openai"].models.keys().cloned().collect();
    assert_eq!(models, all);
}

#[tokio::test]
async fn own_prices_begin_on_their_day_and_end_the_one_before() {
    let (app, key) = acme().await;
    let _ = add(&app, &key, &period("gpt-4o", "2026-03-01", "2")).await;
    let both = add(&app, &key, &period("gpt-4o", "2026-06-01", "1")).await;
    assert_eq!(both["own"][0]["until"], "2026-05-31");
    assert_eq!(both["own"][1]["until"], json!(null));
    assert_eq!(both["gaps"], json!([]));
    for (day, whose, input) in [
        ("2026-02-28", "shipped", "2.5"),
        ("2026-03-01", "own", "2"),
        ("2026-05-31", "own", "2"),
        ("2026-06-01", "own", "1"),
    ] {
        let prices = on(&app, &key, "gpt-4o", day).await;
        assert_eq!(
            (&prices["in_force"], &prices["prices"][0]["input"]),
            (&json!(whose), &json!(input)),
            "{day}"
        );
    }
    let (status, code, _) = app
        .post(key.clone(), PATH)
        .json(&period("gpt-4o", "2026-06-01", "3"))
        .send()
        .await
        .refusal();
    assert_eq!((status, code.as_str()), (409, "conflict"));
}

#[tokio::test]
async fn a_gap_between_own_prices_is_reported_and_replacing_them_closes_it() {
    let (app, key) = acme().await;
    let model = "acme/our own model";
    let path = format!("{PATH}/acme%2Four%20own%20model");
    let prices = json!([{ "input": "1" }]);
    let body = json!({ "periods": [
        { "from": "2026-05-03", "currency": "EUR", "prices": prices },
        { "from": "2026-01-01", "until": "2026-04-30", "currency": "EUR", "prices": prices },
    ] });
    let gappy = app.put(key.clone(), &path).json(&body).send().await.json_of(200);
    assert_eq!(gappy["gaps"], json!([{ "from": "2026-05-01", "until": "2026-05-02" }]));
    let between = on(&app, &key, model, "2026-05-01").await;
    assert_eq!((&between["in_force"], &between["prices"]), (&json!(null), &json!([])));
    let whole =
        json!({ "periods": [{ "from": "2026-01-01", "currency": "EUR", "prices": prices }] });
    let whole = app.put(key.clone(), &path).json(&whole).send().await.json_of(200);
    assert_eq!((&whole["gaps"], &whole["in_force"]), (&json!([]), &json!("own")));
    let _ = app.delete(key.clone(), &path).send().await.expect(204);
    assert_eq!(app.delete(key.clone(), &path).send().await.status, 404);
    assert_eq!(on(&app, &key, model, "2026-05-01").await, json!(null));
}

#[tokio::test]
async fn prices_with_mistakes_are_refused_and_a_request_sent_twice_adds_one() {
    let (app, key) = acme().await;
    for (period, field) in [
        (
            json!({ "from": "2026-01-01", "currency": "XXQ", "prices": [{ "input": "1" }] }),
            "periods[0].currency",
        ),
        (json!({ "from": "2026-01-01", "currency": "EUR", "prices": [] }), "periods[0].prices"),
        (
            json!({ "from": "2026-01-01", "currency": "EUR", "prices": [{ "input": "-1" }] }),
            "periods[0].prices",
        ),
        (
            json!({ "from": "2026-01-01", "until": "2025-01-01", "currency": "EUR", "prices": [{ "input": "1" }] }),
            "periods[0].until",
        ),
    ] {
        let body = json!({ "model": "m", "period": period });
        let refused = app.post(key.clone(), PATH).json(&body).send().await.json_of(422);
        assert_eq!(refused["details"][0]["field"], field, "{refused:#}");
    }
    let overlapping = json!({ "periods": [
        { "from": "2026-01-01", "currency": "EUR", "prices": [{ "input": "1" }] },
        { "from": "2026-02-01", "currency": "EUR", "prices": [{ "input": "1" }] },
    ] });
    let path = format!("{PATH}/m");
    let _ = app.put(key.clone(), &path).json(&overlapping).send().await.json_of(422);
    let _ = app.put(key.clone(), &path).json(&json!({ "periods": [] })).send().await.json_of(422);
    let body = period("m", "2026-01-01", "1");
    let once = || app.post(key.clone(), PATH).once("p1").json(&body).send();
    let first = once().await.json_of(201);
    assert_eq!(once().await.json_of(201), first);
}

#[tokio::test]
async fn the_book_of_an_organization_has_its_own_prices_and_its_ledger_their_history() {
    let (app, key) = acme().await;
    let _ = add(&app, &key, &period("gpt-4o", "2026-03-01", "2")).await;
    let org = convergence::org::OrgSlug::parse("acme").unwrap();
    let book = app.state.prices.book(&org, "openai").await.unwrap();
    let usage =
        super::usage("gpt-4o-2031-01-01", convergence::pricing::TokenKind::Input, 1_000_000);
    let priced = book.price(&usage).unwrap();
    assert_eq!((priced.amount.to_string().as_str(), priced.own), ("2", true));
    let _ = app.delete(key, &format!("{PATH}/gpt-4o")).send().await.expect(204);
    let query =
        "from llm_prices\nsort {version, tier}\nselect {model, tier, input, output, active}";
    let query = convergence::warehouse::Query::new("test", query);
    let dataset = convergence::warehouse::Dataset::Org(org);
    let answer = app.state.warehouse.query(&dataset, &query).await.unwrap();
    let table = arrow::util::pretty::pretty_format_batches(&answer.batches).unwrap().to_string();
    assert_eq!(table.matches("gpt-4o").count(), 4, "{table}");
    assert_eq!(table.matches("false").count(), 2, "{table}");
}
