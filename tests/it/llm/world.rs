//! An organization that is connected to the sandbox's providers.

use std::ops::Range;

use convergence::{
    org::OrgSlug,
    testing::{content_hash, lines},
    warehouse::{Dataset, Query},
};
use integration_tests::{Answer, As, Options, TestApp};
use jiff::civil::{Date, date};
use sandbox::{Served, World as Made};
use serde_json::{Value, json};

/// The days that the made-up providers have usage of.
pub(super) const DAYS: Range<Date> = date(2026, 4, 1)..date(2026, 6, 20);

/// A provider, and what reads it.
#[derive(Clone, Copy)]
pub(super) struct Provider {
    pub(super) id: &'static str,
    pub(super) pipeline: &'static str,
    pub(super) table: &'static str,
    pub(super) key: &'static str,
}

pub(super) const OPENAI: Provider = Provider {
    id: "openai",
    pipeline: "openai/cost/usage_cost",
    table: "focus_openai",
    key: Made::OPENAI_KEY,
};

pub(super) const ANTHROPIC: Provider = Provider {
    id: "anthropic",
    pipeline: "anthropic/usage_cost",
    table: "focus_anthropic",
    key: Made::ANTHROPIC_KEY,
};

/// `acme`, and the sandbox.
pub(super) struct World {
    pub(super) app: TestApp,
    pub(super) sandbox: Served,
    key: String,
}

impl World {
    /// Over made-up usage.
    pub(super) async fn new() -> Self {
        Self::of(Made::new(DAYS)).await
    }

    /// Over a world of the sandbox.
    pub(super) async fn of(made: Made) -> Self {
        let sandbox = sandbox::serve(made).await.unwrap();
        let settings = [("SANDBOX_URL".to_owned(), sandbox.url.clone())].into();
        let app = TestApp::with(Options { settings, ..Options::default() }).await;
        let body =
            json!({ "org_slug": "acme", "company_name": "Acme", "admin_email": "a@acme.example" });
        let call = app.post(As::Root, "/api/v1/organizations/onboard").json(&body);
        let key = call.send().await.json_of(201)["api_key"].as_str().unwrap().to_owned();
        Self { app, sandbox, key }
    }

    /// The same, connected to a provider.
    pub(super) async fn connected(provider: Provider) -> Self {
        let world = Self::new().await;
        let _ = world.connect(provider, provider.key).await.expect(201);
        world
    }

    pub(super) fn by(&self) -> As {
        As::Key(self.key.clone())
    }

    pub(super) async fn connect(&self, provider: Provider, key: &str) -> Answer {
        let body = json!({ "name": "default", "credential": {
            "admin_key": key, "organization_id": "org-acme",
        }});
        let path = format!("/api/v1/integrations/acme/{}/setup", provider.id);
        self.app.post(self.by(), &path).json(&body).send().await
    }

    /// Runs a provider's pipeline over days, both included; returns the run as it ended.
    pub(super) async fn run(&self, provider: Provider, from: Date, to: Date) -> Value {
        let body = json!({ "start_date": from.to_string(), "end_date": to.to_string() });
        self.run_with(provider, &body).await
    }

    pub(super) async fn run_with(&self, provider: Provider, body: &Value) -> Value {
        let path = format!("/api/v1/pipelines/run/acme/{}", provider.pipeline);
        let accepted = self.app.post(self.by(), &path).json(body).send().await.json_of(202);
        self.app.deliver().await;
        self.seen(accepted["run_id"].as_str().unwrap()).await
    }

    pub(super) async fn seen(&self, run: &str) -> Value {
        let path = format!("/api/v1/pipelines/acme/runs/{run}");
        self.app.get(self.by(), &path).send().await.json_of(200)
    }

    /// What a query over the organization's tables gives, a text per row.
    pub(super) async fn ask(&self, prql: &str) -> Vec<String> {
        let answer = self.app.state.warehouse.query(&dataset(), &Query::new("test", prql)).await;
        lines(&answer.unwrap().batches).unwrap()
    }

    pub(super) async fn hash(&self, table: &str) -> String {
        content_hash(&*self.app.state.warehouse, &dataset(), table).await.unwrap()
    }

    /// What is billed within some days.
    pub(super) async fn billed(&self, table: &str, days: &Range<Date>) -> String {
        let text = format!(
            "from {table}\nfilter x_charge_date >= @{} && x_charge_date < @{}\n\
             aggregate {{ total = sum_known BilledCost }}\n",
            days.start, days.end
        );
        self.ask(&text).await.join("")
    }
}

fn dataset() -> Dataset {
    Dataset::Org(OrgSlug::parse("acme").unwrap())
}

/// The codes of a run's findings.
pub(super) fn found(run: &Value) -> Vec<&str> {
    run["findings"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect()
}
