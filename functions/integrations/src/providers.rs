//! `GET /api/v1/providers`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    http::{Json, ListBody},
    providers::{Field, Provider, Providers},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A provider that can be connected.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderBody {
    /// Its name in paths.
    id: String,
    /// Its name for people.
    name: String,
    /// What it brings in.
    description: String,
    /// What parts of it have pipelines.
    domains: Vec<String>,
    /// The pipelines that read from it.
    pipelines: Vec<String>,
    /// What `setup` takes.
    fields: Vec<Field>,
}

/// What can be connected, with which fields. For anyone.
#[utoipa::path(
    get,
    path = "/api/v1/providers",
    tag = "integrations",
    responses((status = 200, body = ListBody<ProviderBody>))
)]
pub(crate) async fn providers(
    State(providers): State<Arc<Providers>>,
) -> Json<ListBody<ProviderBody>> {
    let items = providers.all().iter().cloned().map(ProviderBody::from).collect();
    Json(ListBody::new(items, None))
}

impl From<Provider> for ProviderBody {
    fn from(provider: Provider) -> Self {
        let Provider { id, name, description, domains, pipelines, fields, check: _ } = provider;
        Self { id, name, description, domains, pipelines, fields }
    }
}
