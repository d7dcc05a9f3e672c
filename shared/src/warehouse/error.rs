//! Why a warehouse call failed, in terms a caller can act on.

/// Why a warehouse call failed.
#[derive(Debug, thiserror::Error)]
pub enum WarehouseError {
    /// The dataset does not exist.
    #[error("dataset `{0}` does not exist")]
    NoSuchDataset(String),
    /// The table does not exist.
    #[error("table `{0}` does not exist")]
    NoSuchTable(String),
    /// A schema change that would lose data, or a batch that does not fit its table.
    #[error("{0}")]
    Incompatible(String),
    /// The rows could not be read; nothing was written.
    #[error("the input cannot be read")]
    Input(#[source] anyhow::Error),
    /// A mistake in a query of ours, or in a parameter.
    #[error("{0}")]
    Query(String),
    /// The backend cannot be reached or is overloaded; the same call may work later.
    #[error("the warehouse is unavailable")]
    Unavailable(#[source] anyhow::Error),
    /// Everything else.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<WarehouseError> for crate::Error {
    fn from(error: WarehouseError) -> Self {
        match error {
            WarehouseError::Unavailable(cause) => Self::Unavailable {
                message: format!("the warehouse is unavailable: {cause}"),
                cause,
            },
            other => Self::Internal(other.into()),
        }
    }
}
