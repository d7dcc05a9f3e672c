//! An app whose registry also has providers with a secret field.

use std::{fs, path::PathBuf, sync::Arc};

use convergence::{
    configs::Configs,
    connections::Connections,
    providers::{PROVIDERS, Providers},
    service,
    state::AppState,
    sweep::Sweep,
};
use integration_tests::{As, Call, Options, TestApp};
use serde_json::{Value, json};

/// What must never come out again.
pub(super) const TOKEN: &str = "sk-live-0123456789abcdef";

/// An app with the organizations `acme` and `globex`, and folders to connect.
pub(super) struct World {
    pub(super) app: TestApp,
    pub(super) acme: String,
    pub(super) globex: String,
}

impl World {
    pub(super) async fn new() -> Self {
        let mut app = TestApp::with(Options::default()).await;
        with_registry(&mut app);
        let _ =
            app.post(As::Root, "/api/v1/admin/bootstrap").json(&json!({})).send().await.expect(200);
        let (acme, globex) = (onboard(&app, "acme").await, onboard(&app, "globex").await);
        Self { app, acme, globex }
    }

    /// Where a folder of that name is.
    pub(super) fn folder_path(&self, name: &str) -> PathBuf {
        self.app.folder.path().join(name)
    }

    /// A folder that can be connected.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder_path(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// A body that works.
    pub(super) fn body(&self, name: &str) -> Value {
        let prefix = format!("file://{}/", self.folder("bills").display());
        json!({ "name": name, "credential": { "input_prefix": prefix, "token": TOKEN } })
    }

    pub(super) fn setup(&self, caller: As, provider: &str) -> Call<'_> {
        setup(&self.app, caller, provider)
    }

    /// A key of `acme`, on the same machine.
    pub(super) fn here(&self, provider: &str) -> Call<'_> {
        let boot = self.app.state.boot.0.to_string();
        self.setup(As::Key(self.acme.clone()), provider).header("x-ca-boot-id", boot)
    }

    pub(super) async fn connected(&self) -> Vec<String> {
        let list = self.app.get(As::Root, "/api/v1/integrations/acme").send().await.json_of(200);
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| item["source_id"].as_str().unwrap().to_owned()).collect()
    }
}

pub(super) fn setup<'a>(app: &'a TestApp, caller: As, provider: &str) -> Call<'a> {
    app.post(caller, &format!("/api/v1/integrations/acme/{provider}/setup"))
}

/// Puts providers with a secret into an app's registry.
pub(super) fn with_registry(app: &mut TestApp) {
    let entry = |id: &str| {
        format!(
            "- id: {id}
  name: Bills of {id}
  description: For tests.
  domains: [cost]
  pipelines: [{id}/cost/billing]
  check: input_prefix
  fields:
    - {{ name: input_prefix, label: Folder, description: Where., form: input_prefix, required: true, secret: false, example: 'file:///srv/' }}
    - {{ name: token, label: Token, description: Secret., form: text, required: true, secret: true, example: abc }}
"
        )
    };
    let ids = ["anvil", "bolt", "chain", "drill", "easel", "file", "gauge", "hinge"];
    let pipelines = ids.map(|id| (format!("{id}/cost/billing.yml"), String::new()));
    let registry = (PROVIDERS.to_owned(), ids.map(entry).concat());
    let providers = Providers::read(&Configs::of(pipelines.into_iter().chain([registry])));
    take(app, providers.unwrap());
}

/// Puts an empty registry in its place.
pub(super) fn without_registry(app: &mut TestApp) {
    take(app, Providers::default());
}

fn take(app: &mut TestApp, providers: Providers) {
    let (providers, state) = (Arc::new(providers), app.state.clone());
    let sweep = (*state.sweep).clone();
    let connections = Connections { providers: providers.clone(), ..sweep.connections.clone() };
    let sweep = Arc::new(Sweep { connections, ..sweep });
    app.state = AppState { providers, sweep, ..state };
    app.router = service::app(local::router(), app.state.clone());
}

async fn onboard(app: &TestApp, slug: &str) -> String {
    let body = json!({
        "org_slug": slug, "company_name": "Müller & Söhne", "admin_email": "ada@mueller.example",
    });
    let path = "/api/v1/organizations/onboard";
    let answer = app.post(As::Root, path).json(&body).send().await.json_of(201);
    answer["api_key"].as_str().unwrap().to_owned()
}
