//! `GET /api/v1/organizations`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::Root,
    entities::OrgState,
    error::ErrorBody,
    http::{Json, ListBody, PageQuery, Query},
    tenants::{OrganizationItem, Tenants},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which organizations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrganizationFilter {
    /// Those in this state only.
    state: Option<OrgState>,
}

/// All organizations, paged.
#[utoipa::path(
    get,
    path = "/api/v1/organizations",
    operation_id = "list_organizations",
    tag = "onboard",
    params(OrganizationFilter, PageQuery),
    responses(
        (status = 200, body = ListBody<OrganizationItem>),
        (status = 401, body = ErrorBody),
        (status = 422, body = ErrorBody),
    ),
    security(("root_key" = []))
)]
#[tracing::instrument(name = "onboard.list_organizations", skip_all)]
pub(crate) async fn list(
    _: Root,
    State(tenants): State<Arc<Tenants>>,
    Query(filter): Query<OrganizationFilter>,
    page: PageQuery,
) -> Result<Json<ListBody<OrganizationItem>>> {
    let (items, next) = tenants.organizations(filter.state, page.request()?).await?;
    Ok(Json(ListBody::new(items, next)))
}
