//! Why a step did not do what it should.

use crate::{files::FilesError, runs::Failure, store::StoreError, warehouse::WarehouseError};

/// Why a step did not do what it should.
#[derive(Debug)]
pub enum StepError {
    /// It never will; a person can act on it.
    Failed(Failure),
    /// The same may work later.
    MayPass(anyhow::Error),
    /// A bug, or something that only we can act on: the cause goes to the log.
    Internal(anyhow::Error),
    /// It took longer than it may.
    TimedOut,
    /// It was cut.
    Cut,
}

impl StepError {
    /// A failure that a person can act on.
    pub fn failed(code: &str, message: impl Into<String>) -> Self {
        Self::Failed(Failure::new(code, message))
    }
}

impl From<anyhow::Error> for StepError {
    fn from(cause: anyhow::Error) -> Self {
        Self::Internal(cause)
    }
}

impl From<StoreError> for StepError {
    fn from(error: StoreError) -> Self {
        match error {
            // Somebody else was quicker; a fresh read settles it.
            StoreError::Conflict(_) => Self::MayPass(error.into()),
            StoreError::Unavailable(cause) => Self::MayPass(cause.context("the store")),
            StoreError::Cursor => Self::Internal(error.into()),
            StoreError::Other(cause) => Self::Internal(cause),
        }
    }
}

impl From<FilesError> for StepError {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Unavailable(cause) => Self::MayPass(cause.context("the files store")),
            FilesError::Unreadable(..) => Self::failed("input_unreadable", error.to_string()),
        }
    }
}

impl From<WarehouseError> for StepError {
    fn from(error: WarehouseError) -> Self {
        match error {
            WarehouseError::Unavailable(cause) => Self::MayPass(cause.context("the warehouse")),
            // Rows are read while they are loaded: what stopped the reading comes out here.
            WarehouseError::Input(cause) => super::input::why_unread(cause),
            other => Self::Internal(other.into()),
        }
    }
}
