//! Callers as the rest of the program sees them: never a credential, only whose it was.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{entities::KeyScope, org::OrgSlug};

/// What people may do in an organization; each may do what those before it may.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads costs and runs.
    Viewer,
    /// Starts, cancels and retries pipelines too.
    Member,
    /// Manages integrations, schedules, prices and budgets too.
    Admin,
    /// Manages people, keys, the plan and the organization itself too.
    Owner,
}

/// Somebody whose credentials checked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Whoever holds the root key: may do what an owner may, in every organization.
    Root,
    /// A program with an organization's API key.
    Key {
        /// Whose key it is.
        org: OrgSlug,
        /// Which key.
        key_id: Uuid,
        /// What it may do.
        scopes: Vec<KeyScope>,
    },
    /// A service account, on internal routes only.
    Service {
        /// The account.
        email: String,
    },
}

/// What kind of caller did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// The root key.
    Root,
    /// An organization's API key.
    ApiKey,
    /// A service account.
    Service,
}

impl ActorKind {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::ApiKey => "api_key",
            Self::Service => "service",
        }
    }
}

/// Who did something, as ledgers and audit entries name them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Actor {
    /// The kind of caller.
    pub kind: ActorKind,
    /// `root`, the id of a key, or the e-mail address of a service account.
    pub id: String,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.as_str(), self.id)
    }
}

impl Caller {
    /// How ledgers and audit entries name this caller.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Root => Actor { kind: ActorKind::Root, id: "root".to_owned() },
            Self::Key { key_id, .. } => Actor { kind: ActorKind::ApiKey, id: key_id.to_string() },
            Self::Service { email } => Actor { kind: ActorKind::Service, id: email.clone() },
        }
    }
}
