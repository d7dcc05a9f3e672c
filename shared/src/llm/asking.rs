//! Asking a source with the key of a connection.

use super::{
    Line, Source, Strange,
    cursor::{ApiOr, Reading},
};
use crate::{
    pipeline::engine::{StepContext, StepError},
    providers::{Api, ApiError, Fields, Refusal},
};

/// A source, and a connection to it.
pub struct Asking {
    pub(super) source: &'static dyn Source,
    api: Api,
    key: zeroize::Zeroizing<String>,
    connection: String,
}

impl Asking {
    /// The source of a run, with the run's connection.
    ///
    /// # Errors
    ///
    /// As [`StepContext::credential`].
    pub async fn of(
        context: &StepContext<'_>,
        source: &'static dyn Source,
    ) -> Result<(Self, Fields), StepError> {
        let fields = context.credential().await?;
        let api = source.api(context.engine.connections.providers.reach(), &fields)?;
        let key = fields.get(KEY).unwrap_or_default().to_owned().into();
        let connection = context.job.source.as_str().to_owned();
        Ok((Self { source, api, key, connection }, fields))
    }

    /// The lines of a report's next page; `None` after the last.
    pub(super) async fn next(&self, reading: &mut Reading) -> Result<Option<Vec<Line>>, StepError> {
        reading.next(self.source, &self.api).await.map_err(|stopped| match stopped {
            ApiOr::Step(error) => error,
            ApiOr::Api(ApiError::Silent(cause)) => {
                StepError::MayPass(cause.context(format!("{} did not answer", self.source.name())))
            }
            ApiOr::Api(ApiError::Refused(refusal)) => self.refused(&refusal),
        })
    }

    fn refused(&self, refusal: &Refusal) -> StepError {
        let (status, name) = (refusal.status.as_u16(), self.source.name());
        if matches!(status, 401 | 403) {
            let why = self.source.refused(refusal, &self.key);
            return StepContext::connection_invalid(&self.connection, &why);
        }
        let message = format!("{name} refused to answer, with the status {status}");
        StepError::failed("provider_refused", message)
    }

    /// What a step ends with where a line cannot be read: half a bill is none.
    pub(super) fn strange(strange: Strange) -> StepError {
        let Strange(what) = strange;
        let message = format!("the provider's answer cannot be used: {what}; nothing was replaced");
        StepError::failed("answer_strange", message)
    }
}

/// The field that has the key.
pub const KEY: &str = "admin_key";
