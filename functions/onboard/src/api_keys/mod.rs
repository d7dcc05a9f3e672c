//! An organization's API keys.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod revoke;
pub(crate) mod rotate;

use convergence::http::Path;
use serde::Deserialize;
use uuid::Uuid;

/// Which key of which organization.
#[derive(Debug, Deserialize)]
pub(crate) struct KeyPath {
    key_id: Uuid,
}

/// The path of a key.
pub(crate) type OfKey = Path<KeyPath>;
