//! `GET /health`: the process is up. `GET /health/ready`: so are the backends.

use std::{collections::BTreeMap, fmt::Display, future::Future, time::Duration};

use anyhow::anyhow;
use axum::extract::State;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Error, Result, http::Json, settings::uses_files, state::AppState};

/// How long a backend has to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is said of a backend that answers, and of all together.
const READY: &str = "ready";

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
    /// The backends that this function has, each with its state: `ready`.
    backends: BTreeMap<&'static str, &'static str>,
}

/// The backends answer. 503 says the state of each, and why one is not ready.
#[utoipa::path(get, path = "/health/ready", tag = "health", security(()), responses((status = OK, body = Ready)))]
async fn ready(State(state): State<AppState>) -> Result<Json<Ready>> {
    let files = &state.runs.engine.files;
    let (store, warehouse, files) =
        tokio::join!(ask(state.store.ping()), ask(state.warehouse.ping()), async {
            if uses_files(state.settings.function) { Some(ask(files.ping()).await) } else { None }
        },);
    let asked = [("store", Some(store)), ("warehouse", Some(warehouse)), ("files", files)];
    let asked: Vec<_> =
        asked.into_iter().filter_map(|(name, answer)| Some((name, answer?))).collect();
    if asked.iter().all(|(_, answer)| answer.is_ok()) {
        let backends = asked.iter().map(|(name, _)| (*name, READY)).collect();
        return Ok(Json(Ready { status: READY, backends }));
    }
    let states = asked.iter().map(|(name, answer)| match answer {
        Ok(()) => format!("{name}: {READY}"),
        Err(why) => format!("{name}: {why}"),
    });
    let message = states.collect::<Vec<_>>().join("; ");
    Err(Error::Unavailable { cause: anyhow!(message.clone()), message })
}

async fn ask<E>(ping: impl Future<Output = Result<(), E>>) -> Result<(), String>
where
    E: Into<anyhow::Error> + Display,
{
    match timeout(PATIENCE, ping).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(format!("{:#}", error.into())),
        Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}
