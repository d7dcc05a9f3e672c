//! The job for one large import: the same execution as a delivery's, without a request around it.

use anyhow::{Context as _, bail};
use convergence::{org::OrgSlug, queue::JobError, state::AppState};
use tracing::Instrument as _;
use uuid::Uuid;

/// Executes the run that is named by its organization and id. What is not to be executed now is
/// left alone, as with a delivery.
///
/// # Errors
///
/// Where no run is named, and where what came of it could not be written down: Cloud Run then
/// starts the task again.
pub async fn import(state: AppState, named: Vec<String>) -> anyhow::Result<()> {
    let [org, run_id] = named.as_slice() else {
        bail!("name the run: `import {{org}} {{run id}}`");
    };
    let org = OrgSlug::parse(org).context("not an organization")?;
    let run_id: Uuid = run_id.parse().context("not the id of a run")?;
    let span = state.runs.get(&org, run_id).await?.value.message().span();
    match state.runs.execute(&org, run_id, &state.stop.0).instrument(span).await {
        Ok(()) => Ok(()),
        Err(JobError::Retry(cause) | JobError::Fail(cause)) => Err(cause),
    }
}
