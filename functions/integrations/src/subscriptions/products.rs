//! `GET /api/v1/saas-products`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    http::{Json, ListBody},
    saas::{Product, Subscriptions},
};

/// Well-known products, to begin a subscription from. They have no prices. For anyone.
#[utoipa::path(
    get,
    path = "/api/v1/saas-products",
    tag = "integrations",
    responses((status = 200, body = ListBody<Product>))
)]
pub(crate) async fn saas_products(
    State(subscriptions): State<Arc<Subscriptions>>,
) -> Result<Json<ListBody<Product>>> {
    Ok(Json(ListBody::new(subscriptions.products.get()?.all().to_vec(), None)))
}
