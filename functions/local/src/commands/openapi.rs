//! `convergence openapi`

use convergence::service;

use crate::{failure::Result, router, view};

/// Prints the OpenAPI document of every function together.
pub(crate) fn run() -> Result {
    view::print(&service::openapi_json(router())?)
}
