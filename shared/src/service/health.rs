//! `GET /health`: the process is up. `GET /health/ready`: so are the backends.

use std::{fmt::Display, future::Future, time::Duration};

use anyhow::anyhow;
use axum::extract::State;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Error, Result, http::Json, state::AppState};

/// How long a backend has to answer.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready))
}

/// What is running.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`
    status: &'static str,
    /// Which function this is.
    function: &'static str,
    /// Its version.
    version: &'static str,
    /// `production`, `staging` or `development`
    environment: &'static str,
}

/// The process is up.
#[utoipa::path(get, path = "/health", tag = "health", security(()), responses((status = OK, body = Health)))]
async fn health(State(state): State<AppState>) -> Json<Health> {
    Json(Health {
        status: "ok",
        function: state.settings.function,
        version: env!("CARGO_PKG_VERSION"),
        environment: state.env.environment(),
    })
}

/// What answers.
#[derive(Debug, Serialize, ToSchema)]
struct Ready {
    /// `ready`
    status: &'static str,
    /// The backends that were asked.
    backends: [&'static str; 2],
}

/// The backends answer. 503 says which does not, and why.
#[utoipa::path(get, path = "/health/ready", tag = "health", security(()), responses((status = OK, body = Ready)))]
async fn ready(State(state): State<AppState>) -> Result<Json<Ready>> {
    let (store, warehouse) =
        tokio::join!(ask("store", state.store.ping()), ask("warehouse", state.warehouse.ping()));
    let failures: Vec<String> = [store, warehouse].into_iter().filter_map(Result::err).collect();
    if failures.is_empty() {
        return Ok(Json(Ready { status: "ready", backends: ["store", "warehouse"] }));
    }
    let message = failures.join("; ");
    Err(Error::Unavailable { cause: anyhow!(message.clone()), message })
}

async fn ask<E>(name: &str, ping: impl Future<Output = Result<(), E>>) -> Result<(), String>
where
    E: Into<anyhow::Error> + Display,
{
    match timeout(PATIENCE, ping).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(format!("{name}: {:#}", error.into())),
        Err(_) => Err(format!("{name}: no answer within {} s", PATIENCE.as_secs())),
    }
}
