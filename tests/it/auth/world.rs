//! Two organizations with keys.

use axum::routing::{get, post};
use convergence::{
    auth::{
        Access, Permit, Root, RootOrService, Service,
        api_key::KeyText,
        permit::{EditOrganization, ManageKeys, ReadCosts, RunPipelines, ViewRuns},
    },
    entities::{ApiKey, KeyScope, OrgState, Organization},
    http::Json,
    org::OrgSlug,
    state::AppState,
    store::{Entity as _, Key, StoreExt as _},
};
use integration_tests::{Options, TestApp};
use serde_json::{Map, Value, json};
use utoipa_axum::router::OpenApiRouter;

/// One route for each kind of credential.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .route("/test/root", get(async |root: Root| Json(json!(root.caller.actor()))))
        .route("/test/service", post(async |it: Service| Json(json!(it.caller.actor()))))
        .route("/test/either", post(async |it: RootOrService| Json(json!(it.caller.actor()))))
        .route("/test/costs/{org}", get(say::<ReadCosts>))
        .route("/test/runs/{org}", get(say::<ViewRuns>).post(say::<RunPipelines>))
        .route("/test/keys/{org}", get(say::<ManageKeys>))
        .route("/test/edit/{org}", get(say::<EditOrganization>))
}

async fn say<P: Permit>(access: Access<P>) -> Json<Value> {
    Json(json!({"org": access.org, "actor": access.caller.actor()}))
}

pub(crate) async fn app(settings: &[(&str, &str)]) -> TestApp {
    let settings = settings.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
    let app = TestApp::with(Options {
        settings: settings.collect(),
        routes: routes(),
        ..Options::default()
    })
    .await;
    for slug in ["Acme", "globex"] {
        organization(&app, slug, OrgState::Active).await;
    }
    app
}

pub(super) fn slug(text: &str) -> OrgSlug {
    OrgSlug::parse(text).expect("a slug")
}

/// Makes an organization.
pub(super) async fn organization(app: &TestApp, name: &str, state: OrgState) {
    let (org_slug, now) = (slug(name), app.state.clock.now());
    let organization = Organization {
        dataset: org_slug.dataset(app.state.env),
        org_slug,
        company_name: "Müller & Söhne".to_owned(),
        admin_email: "admin@example.com".to_owned(),
        state,
        currency: "EUR".to_owned(),
        country: "DE".to_owned(),
        language: "de".to_owned(),
        timezone: "Europe/Berlin".to_owned(),
        fiscal_year_start_month: 1,
        created_at: now,
        version: 1,
        creation: "test".to_owned(),
        due_at: None,
        other: Map::new(),
    };
    let key = Organization::key(&organization.org_slug);
    app.state.store.commit(vec![organization.create(key).expect("writes")]).await.expect("free");
}

/// Makes a key of an organization.
pub(crate) async fn key(app: &TestApp, org: &str, scopes: &[KeyScope]) -> KeyText {
    let text = KeyText::generate(&slug(org), &*app.state.ids);
    let key = ApiKey {
        key_id: app.state.ids.new_id(),
        org_slug: slug(org),
        name: "a key".to_owned(),
        fingerprint: text.fingerprint(),
        scopes: scopes.to_vec(),
        created_at: app.state.clock.now(),
        expires_at: None,
        revoked_at: None,
        successor: None,
        claim: None,
        version: 1,
        other: Map::new(),
    };
    let document = text.document(app.state.authenticator.peppers());
    app.state.store.commit(vec![key.create(document).expect("writes")]).await.expect("free");
    text
}

/// Changes the document of a key, as another process would.
pub(super) async fn change(app: &TestApp, document: &Key, how: impl FnOnce(&mut ApiKey)) {
    let now = app.state.clock.now();
    let found = app.state.store.find::<ApiKey>(document, now).await.expect("read");
    let mut held = found.expect("it is there");
    how(&mut held.value);
    app.state.store.commit(vec![held.replace().expect("writes")]).await.expect("unchanged");
}
