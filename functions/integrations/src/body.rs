//! A connection as it is shown.

use std::collections::BTreeMap;

use convergence::entities::{Integration, IntegrationStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A connection, without its credential.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntegrationBody {
    /// Which provider.
    provider: String,
    /// Its name among the provider's.
    name: String,
    /// `{provider}/{name}`, as in the rows it brings in.
    source_id: String,
    /// VALID, INVALID or PENDING.
    status: IntegrationStatus,
    /// The same for the same credential; tells nothing about it.
    fingerprint: String,
    /// The fields that are no secrets.
    settings: BTreeMap<String, String>,
    /// When it was first set up.
    created_at: Timestamp,
    /// When its credential was last replaced.
    updated_at: Timestamp,
    /// When the provider was last asked.
    last_checked_at: Timestamp,
    /// Why it is not valid.
    last_error: Option<String>,
}

impl From<Integration> for IntegrationBody {
    fn from(integration: Integration) -> Self {
        Self {
            source_id: integration.source_id(),
            provider: integration.provider,
            name: integration.name,
            status: integration.status,
            fingerprint: integration.fingerprint,
            settings: integration.settings,
            created_at: integration.created_at,
            updated_at: integration.updated_at,
            last_checked_at: integration.last_checked_at,
            last_error: integration.last_error,
        }
    }
}

/// Which of a provider's connections.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Named {
    /// Its name.
    #[serde(default = "default_name")]
    #[param(default = "default")]
    pub(crate) name: String,
}

/// The path parameters of every route of one provider.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ProviderPath {
    /// The organization; [`convergence::auth::Access`] has checked it.
    #[serde(rename = "org")]
    #[param(rename = "org")]
    pub(crate) _org: String,
    /// A provider of `GET /api/v1/providers`.
    pub(crate) provider: String,
}

pub(crate) fn default_name() -> String {
    "default".to_owned()
}
