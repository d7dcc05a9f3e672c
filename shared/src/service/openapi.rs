//! The OpenAPI document of a router, as it is served and committed.

use std::sync::Arc;

use anyhow::Context as _;
use axum::{Router, body::Bytes, response::IntoResponse};
use http::header::CONTENT_TYPE;
use utoipa::{
    PartialSchema as _, ToSchema as _,
    openapi::{
        Components, ContentBuilder, Info, OpenApi, Ref, ResponseBuilder,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use super::health;
use crate::{
    auth::{API_KEY, ROOT_KEY},
    error::{Detail, ErrorBody},
    state::AppState,
};

/// Where every function serves its document.
pub(super) const PATH: &str = "/api/v1/openapi.json";

/// The document of a function, with what every function answers.
#[must_use]
pub fn document(router: OpenApiRouter<AppState>) -> OpenApi {
    described(router.merge(health::router()).into_openapi())
}

/// The document as it is committed: the same text each time.
///
/// # Errors
///
/// Fails when the document does not serialize, which is a bug.
pub fn openapi_json(router: OpenApiRouter<AppState>) -> anyhow::Result<String> {
    let text = document(router).to_pretty_json().context("cannot write the OpenAPI document")?;
    Ok(text + "\n")
}

pub(super) fn complete(router: OpenApiRouter<AppState>) -> (Router<AppState>, Arc<OpenApi>) {
    let (router, document) = router.split_for_parts();
    (router, Arc::new(described(document)))
}

pub(super) fn answer(document: &OpenApi) -> crate::Result<impl IntoResponse + use<>> {
    let body = document.to_json().context("cannot write the OpenAPI document")?;
    Ok(([(CONTENT_TYPE, "application/json")], Bytes::from(body)))
}

/// Adds what is the same for all routes: credentials, and the shape of refusals.
fn described(mut document: OpenApi) -> OpenApi {
    document.info = Info::new("Convergence", env!("CARGO_PKG_VERSION"));
    document.info.description =
        Some("What an organization spends on cloud, SaaS and LLM APIs, in one place".to_owned());
    let components = document.components.get_or_insert_with(Components::new);
    for (name, scheme) in credentials() {
        components.add_security_scheme(name, scheme);
    }
    for (name, schema) in
        [(ErrorBody::name(), ErrorBody::schema()), (Detail::name(), Detail::schema())]
    {
        components.schemas.insert(name.into_owned(), schema);
    }
    refusals(&mut document);
    document
}

fn credentials() -> [(&'static str, SecurityScheme); 3] {
    let header = |name: &str, what: &str| {
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, what)))
    };
    [
        ("api_key", header(API_KEY, "An organization's API key")),
        ("root_key", header(ROOT_KEY, "The root key of the deployment")),
        ("oidc", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer))),
    ]
}

/// Whatever a route refuses, it refuses in this shape.
fn refusals(document: &mut OpenApi) {
    let schema = Ref::from_schema_name(ErrorBody::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let refusal = ResponseBuilder::new()
        .description("Refused; see `error` and `message`")
        .content("application/json", content)
        .build();
    for item in document.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            operation
                .responses
                .responses
                .entry("default".to_owned())
                .or_insert_with(|| refusal.clone().into());
        }
    }
}
