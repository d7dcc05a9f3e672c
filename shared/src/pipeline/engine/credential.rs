//! The connection that a run reads by, opened by the vault.

use super::{StepContext, StepError};
use crate::{
    Error,
    entities::{Integration, IntegrationStatus},
    providers::Fields,
    store::{Owner, StoreExt as _},
};

impl StepContext<'_> {
    /// The fields of the run's source, secrets included.
    ///
    /// # Errors
    ///
    /// `connection_missing` where there is none, `connection_invalid` where the provider refused it
    /// when it was last asked; both say what to do.
    pub async fn credential(&self) -> Result<Fields, StepError> {
        let (job, with) = (self.job, &self.engine.connections);
        let (provider, name) = job.source.as_str().split_once('/').unwrap_or_default();
        let key = Integration::key(&job.org, provider, name);
        let held = with.store.find::<Integration>(&key, self.engine.clock.now()).await?;
        let kept = held.filter(|it| it.value.status != IntegrationStatus::Deleted);
        let Some(it) = kept.map(|held| held.value) else {
            let message = format!("`{provider}` is not connected as `{name}`: set that up first");
            return Err(StepError::failed("connection_missing", message));
        };
        if it.status == IntegrationStatus::Invalid {
            let why = it.last_error.as_deref().unwrap_or("the credential was refused");
            return Err(Self::connection_invalid(job.source.as_str(), why));
        }
        let owner = Owner::Org(job.org.clone());
        let secret = with.vault.open(&owner, (provider, name), &it.sealed).await;
        let secret = secret.map_err(|error| match error {
            Error::Unavailable { cause, .. } => StepError::MayPass(cause),
            other => StepError::Internal(other.into()),
        })?;
        Ok(Fields::from_bytes(secret.expose())?)
    }

    /// What a step ends with whose connection the provider refuses, for the reason given.
    #[must_use]
    pub fn connection_invalid(source: &str, why: &str) -> StepError {
        let message = format!("the connection `{source}` does not work: {why}; set it up again");
        StepError::failed("connection_invalid", message)
    }
}
