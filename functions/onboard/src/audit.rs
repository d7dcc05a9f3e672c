//! `GET /api/v1/organizations/{org}/audit`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ViewAudit},
    error::ErrorBody,
    http::{Json, ListBody, PageQuery, Query},
    tenants::{AuditEntry, AuditFilter, Tenants},
};

/// Who did what, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/organizations/{org}/audit",
    operation_id = "list_audit_entries",
    tag = "onboard",
    params(("org" = String, Path, description = "The organization's slug"), AuditFilter, PageQuery),
    responses(
        (status = 200, body = ListBody<AuditEntry>),
        (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 422, body = ErrorBody),
    ),
    security(("root_key" = []), ("api_key" = []))
)]
#[tracing::instrument(name = "onboard.audit", skip_all, fields(org_slug = %access.org))]
pub(crate) async fn audit(
    access: Access<ViewAudit>,
    State(tenants): State<Arc<Tenants>>,
    Query(filter): Query<AuditFilter>,
    page: PageQuery,
) -> Result<Json<ListBody<AuditEntry>>> {
    let (items, next) = tenants.audit_log(&access.org, &filter, &page.request()?).await?;
    Ok(Json(ListBody::new(items, next)))
}
