//! Another try of a run that has ended.

use uuid::Uuid;

use super::{Asked, Run, Submission};
use crate::{Error, Result, auth::Actor, entities::Organization, pipeline::Plan};

/// What has to be submitted to do a run again, under a new id.
///
/// # Errors
///
/// 409 where it has not ended, or its file is not known any more.
pub fn again<'a>(
    (run, run_id): (&Run, Uuid),
    organization: &'a Organization,
    plan: &'a Plan,
    actor: &'a Actor,
) -> Result<Submission<'a>> {
    if !run.status.is_end() {
        let status = run.status.as_str();
        let message = format!("the run has not ended: it is {status}; cancel it first");
        return Err(Error::Conflict(message));
    }
    if plan.takes_input() && run.input.is_none() && run.window.is_none() {
        let message = "the run is so old that its file is not known any more; send the file anew";
        return Err(Error::Conflict(message.to_owned()));
    }
    let asked = Asked {
        source: run.source.clone(),
        window: run.window,
        input: run.input.as_ref().map(|input| input.uri.clone()),
        months: run.months.clone(),
        force: run.force,
        focus_version: run.focus_version,
    };
    let (input, retry_of) = (run.input.clone(), Some(run.run_id));
    Ok(Submission { run_id, organization, plan, asked, input, actor, retry_of, trace: None })
}
