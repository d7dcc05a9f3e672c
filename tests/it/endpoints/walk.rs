//! The endpoints of the OpenAPI document, and calls to them.

use convergence::{service::document, state::AppState};
use http::Method;
use integration_tests::{Answer, As, Call, TestApp};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;

/// An endpoint of the document.
pub(super) struct Endpoint {
    /// In lowercase.
    pub(super) method: String,
    /// With its parameters in braces.
    pub(super) path: String,
    /// The names of the credentials that the document asks for, in alphabetical order.
    pub(super) credentials: Vec<String>,
}

/// Every endpoint of a router, what every function has included.
pub(super) fn endpoints(router: OpenApiRouter<AppState>) -> Vec<Endpoint> {
    let document = serde_json::to_value(document(router)).expect("JSON");
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let credentials = credentials(operation);
            all.push(Endpoint { method: method.clone(), path: path.clone(), credentials });
        }
    }
    all
}

fn credentials(operation: &Value) -> Vec<String> {
    let choices = operation["security"].as_array().cloned().unwrap_or_default();
    let mut names: Vec<String> =
        choices.iter().filter_map(|choice| choice.as_object()?.keys().next().cloned()).collect();
    names.sort();
    names
}

impl Endpoint {
    /// Whether it belongs to an organization.
    pub(super) fn of_org(&self) -> bool {
        self.path.contains("{org}")
    }

    /// Calls it for an organization; its other parameters are of things that may not exist.
    pub(super) async fn call(&self, app: &TestApp, caller: As, org: &str) -> Answer {
        self.with(app, caller, org, "01a20ccb-b597-7ff1-921d-32439ff55c2b").send().await
    }

    /// As [`Endpoint::call`], with the id of something.
    pub(super) fn with<'a>(&self, app: &'a TestApp, caller: As, org: &str, id: &str) -> Call<'a> {
        let path = [
            ("{org}", org),
            ("{provider}", "focus"),
            ("{domain}", "cost"),
            ("{pipeline}", "import"),
            ("{run_id}", id),
            ("{key_id}", id),
            ("{upload_id}", id),
            ("{letter_id}", id),
            ("{subscription_id}", id),
            ("{model}", "gpt-4o"),
        ]
        .iter()
        .fold(self.path.clone(), |path, (name, value)| path.replace(name, value));
        assert!(!path.contains('{'), "{path}: say what the parameter is in walk.rs");
        let method = Method::from_bytes(self.method.to_uppercase().as_bytes()).expect("a method");
        app.call(caller, method, &path).json(&json!({}))
    }
}
