//! Messages that make runs happen: Pub/Sub on Google Cloud, in-process delivery embedded.

mod envelope;
mod event;
mod job;
pub mod local;
#[cfg(feature = "google")]
mod pubsub;
mod push;

use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[cfg(feature = "google")]
pub use self::pubsub::PubSub;
pub use self::{
    envelope::{Received, envelope},
    job::JobError,
    push::Push,
};
use crate::{http::Trace, org::OrgSlug};

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
    /// The trace of the request that asked for the run: an attribute, no part of the body.
    #[serde(skip)]
    pub trace: Option<Trace>,
}

impl RunMessage {
    /// What goes beside the body.
    #[must_use]
    pub fn attributes(&self) -> BTreeMap<&'static str, String> {
        let mut attributes = BTreeMap::from([
            ("org_slug", self.org_slug.to_string()),
            ("pipeline", self.pipeline.clone()),
        ]);
        if let Some(parent) = self.trace.as_ref().and_then(Trace::traceparent) {
            attributes.insert(TRACEPARENT, parent);
        }
        attributes
    }

    /// The span of what is done for the run: its log lines belong to the trace of the request that
    /// asked for it, whoever delivers it and when.
    #[must_use]
    pub fn span(&self) -> tracing::Span {
        let trace = self.trace.as_ref();
        tracing::info_span!(
            "run",
            run_id = %self.run_id,
            org_slug = %self.org_slug,
            pipeline = self.pipeline,
            trace_id = trace.map(|trace| trace.trace_id.as_str()),
            span_id = trace.and_then(|trace| trace.span_id.as_deref()),
            trace_sampled = trace.map(|trace| trace.sampled),
        )
    }
}

/// The attribute with the trace, as [W3C](https://www.w3.org/TR/trace-context/) writes it.
const TRACEPARENT: &str = "traceparent";

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
