//! Reading a run's file, and why it could not be read.

use super::{StepError, WasCut};
use crate::{ingest::Refused, runs::Failure};

impl From<Refused> for StepError {
    fn from(refused: Refused) -> Self {
        Self::Failed(Failure::new(refused.code, refused.message))
    }
}

/// What stopped the reading of rows.
pub(super) fn why_unread(cause: anyhow::Error) -> StepError {
    match cause.downcast::<Refused>() {
        Ok(refused) => refused.into(),
        Err(cause) if cause.is::<WasCut>() => StepError::Cut,
        Err(cause) => StepError::Internal(cause),
    }
}
