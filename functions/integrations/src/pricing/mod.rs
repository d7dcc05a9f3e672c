//! Prices of models: one route per file.

mod add;
mod forget;
mod list;
mod replace;

pub(crate) use self::{add::*, forget::*, list::*, replace::*};

use serde::Deserialize;
use utoipa::IntoParams;

/// The path parameters of the routes of one model.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ModelPath {
    /// The organization; [`convergence::auth::Access`] has checked it.
    #[serde(rename = "org")]
    #[param(rename = "org")]
    _org: String,
    /// A provider that has prices.
    provider: String,
    /// The model, its slashes written as `%2F`.
    model: String,
}

impl ModelPath {
    /// Which model.
    fn which(&self) -> (&str, &str) {
        (&self.provider, &self.model)
    }
}
