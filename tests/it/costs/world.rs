//! Organizations with rows, asked over HTTP.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use convergence::{
    configs::Configs,
    costs::{rollup, view},
    entities::{ApiKey, KeyScope, OrgState, Organization},
    focus::Model,
    ingest::{FocusReader, Options},
    org::OrgSlug,
    store::{Collection, Document, Entity as _, Key, Write},
    warehouse::{Dataset, Fixed, Query, Scope, SourceId, TableSchema},
};
use integration_tests::{Answer, As, TestApp};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::rows::batch;

/// The run that all rows are of.
pub(crate) const RUN: &str = "01985b5a-0000-7000-8000-000000000001";

/// An app with an organization, whose tables are filled without a pipeline.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) org: OrgSlug,
}

impl World {
    pub(crate) async fn new() -> Self {
        let app = TestApp::new().await;
        let world = Self { app, org: OrgSlug::parse("acme").unwrap() };
        world.onboard(&world.org, "UTC").await;
        world
    }

    /// Makes an organization with its tables.
    pub(crate) async fn onboard(&self, org: &OrgSlug, timezone: &str) {
        let state = &self.app.state;
        let organization = Organization {
            org_slug: org.clone(),
            company_name: "Müller & Söhne".to_owned(),
            admin_email: "a@example.com".to_owned(),
            dataset: org.dataset(state.env),
            state: OrgState::Active,
            currency: "USD".to_owned(),
            country: "DE".to_owned(),
            language: "de".to_owned(),
            timezone: timezone.to_owned(),
            fiscal_year_start_month: 1,
            created_at: state.clock.now(),
            version: 1,
            creation: "test".to_owned(),
            due_at: None,
            other: Map::new(),
        };
        let write = organization.create(Organization::key(org)).unwrap();
        state.store.commit(vec![write]).await.unwrap();
        let dataset = Dataset::Org(org.clone());
        state.warehouse.create_dataset(&dataset, &BTreeMap::new()).await.unwrap();
        self.tables(org, &["focus_import", "costs_daily", "rejected_rows"]).await;
        let tables = ["focus_import".to_owned()];
        let view = view::schema(tables, state.costs.columns().fields());
        state.warehouse.apply_view(&dataset, &view).await.unwrap();
    }

    /// Makes tables of an organization.
    pub(crate) async fn tables(&self, org: &OrgSlug, tables: &[&str]) {
        let dataset = Dataset::Org(org.clone());
        for table in tables {
            self.app.state.warehouse.apply_table(&dataset, &schema(table)).await.unwrap();
        }
    }

    /// A key of an organization with some scopes.
    pub(crate) async fn key(&self, org: &OrgSlug, scopes: &[KeyScope]) -> As {
        let state = &self.app.state;
        let text = convergence::auth::api_key::KeyText::generate(org, &*state.ids);
        let key = ApiKey {
            key_id: state.ids.new_id(),
            org_slug: org.clone(),
            name: "test".to_owned(),
            fingerprint: text.fingerprint(),
            scopes: scopes.to_vec(),
            created_at: state.clock.now(),
            expires_at: None,
            revoked_at: None,
            successor: None,
            claim: None,
            version: 1,
            other: Map::new(),
        };
        let write = key.create(text.document(state.authenticator.peppers())).unwrap();
        state.store.commit(vec![write]).await.unwrap();
        As::Key(text.expose().to_owned())
    }

    /// Replaces months of the one source with these rows, and bumps the version.
    pub(crate) async fn load(&self, months: &[&str], rows: &[Value]) {
        self.put(months, rows).await;
        self.bump().await;
    }

    /// Replaces months of the one source with these rows, and rolls them up.
    pub(crate) async fn put(&self, months: &[&str], rows: &[Value]) {
        let batch = batch(&schema("focus_import").fields, rows);
        let rows = Arc::new(Fixed::new(batch.schema(), vec![batch]));
        let dataset = Dataset::Org(self.org.clone());
        let scope = focus_months(months);
        self.app.state.warehouse.replace(&dataset, "focus_import", &scope, rows).await.unwrap();
        self.roll_up("focus_import", &scope).await;
    }

    /// Imports a FOCUS file as the pipeline does, but for everything around it.
    pub(crate) async fn import(&self, path: &Path, months: &[&str]) {
        let model = Model::read(&Configs::embedded()).unwrap();
        let reader = FocusReader::open(path, &model, Options::default()).unwrap();
        let constants = [
            ("x_source_id", "focus/default".to_owned()),
            ("x_run_id", RUN.to_owned()),
            ("x_focus_version", reader.version().to_string()),
        ];
        let (dataset, scope) = (Dataset::Org(self.org.clone()), focus_months(months));
        let warehouse = &self.app.state.warehouse;
        let rows = Arc::new(reader);
        let staged = warehouse.stage(&dataset, "focus_import", rows, &constants).await.unwrap();
        staged.replace(&scope).await.unwrap();
        self.roll_up("focus_import", &scope).await;
        self.bump().await;
    }

    /// Computes the daily sums of a scope of whole months again.
    pub(crate) async fn roll_up(&self, table: &str, scope: &Scope) {
        self.compute(&rollup::prql(table), "costs_daily", scope).await;
    }

    /// Replaces a scope of whole months with what a query of a pipeline returns.
    pub(crate) async fn compute(&self, prql: &str, into: &str, scope: &Scope) {
        let months = scope.parts.iter().filter_map(|part| part.month);
        let query = Query::new("test", prql)
            .with("source", scope.source.as_str())
            .with("first_month", months.clone().min().unwrap())
            .with("last_month", months.max().unwrap())
            .with("first_day", "2000-01-01".parse::<Date>().unwrap())
            .with("end_day", "2100-01-01".parse::<Date>().unwrap())
            .with("run_id", RUN);
        let dataset = Dataset::Org(self.org.clone());
        self.app.state.warehouse.materialize(&dataset, &query, into, scope).await.unwrap();
    }

    /// Says that data has changed.
    pub(crate) async fn bump(&self) {
        let store = &self.app.state.store;
        let key = Key::org(Collection::DataVersion, &self.org, "current");
        let document = Document { body: json!({}), ..Document::default() };
        let write = match store.get(&key).await.unwrap() {
            Some(stored) => Write::Replace(key, stored.version, document),
            None => Write::Create(key, document),
        };
        store.commit(vec![write]).await.unwrap();
    }

    /// Asks about the organization.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.app.get(As::Root, &format!("/api/v1/costs/acme/{path}")).send().await
    }

    /// The answer about April 2026.
    pub(crate) async fn april(&self, path: &str) -> Value {
        let sign = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{sign}start_date=2026-04-01&end_date=2026-04-30");
        self.get(&path).await.json_of(200)
    }
}

pub(crate) fn schema(table: &str) -> TableSchema {
    let file = if table.starts_with("focus_") { "focus" } else { table };
    let configs = Configs::embedded();
    let text = configs.get(&format!("setup/organization/{file}.json")).unwrap();
    let schema: TableSchema = serde_json::from_str(text).unwrap();
    TableSchema { name: table.to_owned(), ..schema }
}

fn focus_months(months: &[&str]) -> Scope {
    let months = months.iter().map(|month| month.parse::<Date>().unwrap());
    Scope::months(SourceId::new("focus", "default"), months)
}

/// The schema of one of the deployment's tables.
pub(crate) fn system_schema(table: &str) -> TableSchema {
    let configs = Configs::embedded();
    let text = configs.get(&format!("setup/bootstrap/schemas/{table}.json")).unwrap();
    serde_json::from_str(text).unwrap()
}
