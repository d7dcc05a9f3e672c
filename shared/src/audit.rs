//! Who did what: every change of an organization leaves an entry.

use jiff::Timestamp;
use serde_json::Value;

use crate::{auth::Caller, http::RequestMeta, ledger::rows::AuditLog, org::OrgSlug};

/// Who asks for something, and in which request.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Who.
    pub caller: &'a Caller,
    /// In which request.
    pub meta: &'a RequestMeta,
}

impl By<'_> {
    /// As rows say who caused them: `{kind}:{id}`.
    #[must_use]
    pub fn recorded(self) -> String {
        self.caller.actor().to_string()
    }
}

/// Something that was done.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// What, as in `api_key.create`.
    pub action: &'a str,
    /// To what.
    pub target: String,
    /// Whether it worked.
    pub outcome: Outcome,
    /// What else there is to say: never a secret.
    pub details: Value,
}

/// Whether something worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did.
    Success,
    /// It did not.
    Failure,
}

impl Outcome {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}

/// The entry of an event: a ledger row for the commit that makes it so.
#[must_use]
pub fn entry(by: By<'_>, org: &OrgSlug, now: Timestamp, event: Event<'_>) -> AuditLog {
    let actor = by.caller.actor();
    let details = (!event.details.is_null()).then(|| event.details.to_string());
    AuditLog {
        org_slug: org.clone(),
        actor_kind: actor.kind.as_str().to_owned(),
        actor_id: actor.id,
        action: event.action.to_owned(),
        target: event.target,
        outcome: event.outcome.as_str().to_owned(),
        request_id: by.meta.request_id,
        address: by.meta.address.clone(),
        details,
        created_at: now,
    }
}
