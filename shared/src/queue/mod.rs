//! Messages that make runs happen: Pub/Sub on Google Cloud, in-process delivery embedded.

pub mod local;
mod push;

use std::fmt;

use async_trait::async_trait;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::push::{JobError, Push, envelope};
use crate::org::OrgSlug;

/// One run to execute. See "Queue message" of the HTTP contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunMessage {
    /// Which run.
    pub run_id: Uuid,
    /// Whose.
    pub org_slug: OrgSlug,
    /// Its pipeline: `{provider}/{domain}/{pipeline}`.
    pub pipeline: String,
    /// The days it covers; absent for file imports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Which attempt this would be, from 1.
    pub attempt: u32,
}

/// Days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first day.
    pub start: Date,
    /// The last day.
    pub end: Date,
}

/// Where runs are announced. Nothing is lost when a message is: the sweep publishes again.
#[async_trait]
pub trait Queue: Send + Sync + fmt::Debug {
    /// Hands a message over.
    ///
    /// # Errors
    ///
    /// Fails where the queue cannot be reached; the run stays due and the sweep tries again.
    async fn publish(&self, message: &RunMessage) -> anyhow::Result<()>;
}
