//! Requests that start something: done once per `Idempotency-Key`, and told to the audit log.

use axum::response::Response;
use convergence::{
    Result,
    audit::{self, By, Event, Outcome},
    auth::{Access, Permit},
    claims::{Answer, Claim},
    http::Identity,
    runs::Runs,
    store::{Owner, Write},
};
use serde_json::Value;

/// Does `work` unless the same request was answered before; then gives that answer again.
pub(crate) async fn once<P: Permit>(
    runs: &Runs,
    access: &Access<P>,
    identity: &Identity,
    work: impl AsyncFnOnce(&Claim) -> Result<Answer>,
) -> Result<Response> {
    runs.claims.once(&access.caller, identity, work).await
}

/// The audit entry that belongs into the deciding commit.
pub(crate) fn audited<P: Permit>(
    runs: &Runs,
    access: &Access<P>,
    action: &str,
    (target, details): (String, Value),
) -> Result<Write> {
    let by = By { caller: &access.caller, meta: &access.meta };
    let event = Event { action, target, outcome: Outcome::Success, details };
    let entry = audit::entry(by, &access.org, runs.clock.now(), event);
    Ok(runs.ledger.write(&Owner::Org(access.org.clone()), &entry)?)
}
