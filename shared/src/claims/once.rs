//! A request that is answered once, from its claim to its answer.

use axum::response::{IntoResponse as _, Response};

use super::{Answer, Begin, Claim, Claims};
use crate::{Result, auth::Caller, http::Identity};

impl Claims {
    /// Does `work` unless the same request was answered before; then gives that answer again.
    /// `work` puts [`Claim::done`] into the commit that has the effect.
    ///
    /// # Errors
    ///
    /// As [`Claims::begin`] and `work`, after which the same request is the first again.
    pub async fn once(
        &self,
        caller: &Caller,
        identity: &Identity,
        work: impl AsyncFnOnce(&Claim) -> Result<Answer>,
    ) -> Result<Response> {
        match self.begin(caller, identity).await? {
            Begin::Replay(answer) => Ok(answer.into_response()),
            Begin::Fresh(claim) => match work(&claim).await {
                Ok(answer) => {
                    claim.keep();
                    Ok(answer.into_response())
                }
                Err(error) => {
                    claim.release().await;
                    Err(error)
                }
            },
        }
    }
}
