//! Organizations: coming in, profile, plan, keys, audit log; over HTTP, and cut off anywhere.

mod audit;
mod crashes;
mod keys;
mod onboarding;
mod overtaken;
mod profile;
mod subscription;

use integration_tests::{As, TestApp};
use serde_json::{Value, json};

/// What a good request says.
fn request(slug: &str) -> Value {
    json!({
        "org_slug": slug,
        "company_name": "Müller & Söhne",
        "admin_email": "ada@mueller.example",
        "currency": "EUR",
        "country": "DE",
        "language": "de",
        "timezone": "Europe/Berlin",
        "fiscal_year_start_month": 4,
    })
}

/// Onboards; returns the first key.
async fn onboard(app: &TestApp, slug: &str) -> String {
    let answer = app.post(As::Root, ONBOARD).json(&request(slug)).send().await.json_of(201);
    answer["api_key"].as_str().unwrap().to_owned()
}

async fn bootstrap(app: &TestApp) {
    let _ = app.post(As::Root, "/api/v1/admin/bootstrap").json(&json!({})).send().await.expect(200);
}

const ONBOARD: &str = "/api/v1/organizations/onboard";
const DRY_RUN: &str = "/api/v1/organizations/dryrun";

/// For snapshots: what differs from run to run is hidden.
fn pretty(value: &Value, hidden: &[&str]) -> String {
    let mut value = value.clone();
    for pointer in hidden {
        *value.pointer_mut(pointer).unwrap() = Value::from("…");
    }
    serde_json::to_string_pretty(&value).unwrap()
}
