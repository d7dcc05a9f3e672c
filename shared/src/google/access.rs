//! Where a service is, and the credentials to speak to it.

use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use google_cloud_auth::{
    credentials::{Builder, CacheableResource, Credentials, anonymous},
    signer::Signer,
};
use google_cloud_gax::{client_builder::ClientBuilder, error::CredentialsError};
use http::{Extensions, HeaderMap};

use super::{Waits, policy, unsigned::Unsigned};
use crate::{http::begin_tls, settings::BackendUrl};

/// Who this process is on Google Cloud, and how patient: one for all its clients, which so share its
/// tokens.
///
/// [Application Default Credentials](https://cloud.google.com/docs/authentication/application-default-credentials):
/// on Cloud Run the service's own account, elsewhere what `GOOGLE_APPLICATION_CREDENTIALS` names.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    found: Arc<OnceLock<Credentials>>,
    waits: Waits,
}

impl Identity {
    /// With other waits between attempts.
    #[must_use]
    pub fn with_waits(self, waits: Waits) -> Self {
        Self { waits, ..self }
    }

    /// The credentials, found on first use.
    ///
    /// # Errors
    ///
    /// Fails where a credentials file is named that cannot be read.
    pub fn credentials(&self) -> anyhow::Result<Credentials> {
        if let Some(found) = self.found.get() {
            return Ok(found.clone());
        }
        begin_tls();
        let found = Builder::default().build().context("no credentials of Google Cloud")?;
        Ok(self.found.get_or_init(|| found).clone())
    }

    /// How to reach the service behind a backend's URL.
    #[must_use]
    pub fn access(&self, url: &BackendUrl) -> Access {
        self.access_to(url.emulator.clone())
    }

    /// How to reach a service, or its emulator at a `host:port`.
    #[must_use]
    pub fn access_to(&self, emulator: Option<String>) -> Access {
        Access { emulator, identity: self.clone() }
    }
}

/// How to reach one service.
#[derive(Debug, Clone)]
pub struct Access {
    emulator: Option<String>,
    identity: Identity,
}

impl Access {
    /// The emulator's address, as in `http://127.0.0.1:9050`; `None` for the real service.
    #[must_use]
    pub fn endpoint(&self) -> Option<String> {
        let host = self.emulator.as_deref()?;
        Some(if host.contains("://") { host.to_owned() } else { format!("http://{host}") })
    }

    /// The credentials to show: an emulator gets none.
    ///
    /// # Errors
    ///
    /// As [`Identity::credentials`].
    pub fn credentials(&self) -> anyhow::Result<Credentials> {
        begin_tls();
        match self.emulator {
            Some(_) => Ok(anonymous::Builder::new().build()),
            None => self.identity.credentials(),
        }
    }

    /// What shows the service who asks: the headers of a call.
    ///
    /// # Errors
    ///
    /// As [`Identity::credentials`], and where no token can be had.
    pub async fn headers(&self) -> Result<HeaderMap, CredentialsError> {
        let refused = |why: String| CredentialsError::from_msg(false, why);
        let credentials = self.credentials().map_err(|error| refused(format!("{error:#}")))?;
        match credentials.headers(Extensions::new()).await? {
            CacheableResource::New { data, .. } => Ok(data),
            CacheableResource::NotModified => Err(refused("no token was asked for".to_owned())),
        }
    }

    /// The waits between attempts.
    #[must_use]
    pub fn waits(&self) -> Waits {
        self.identity.waits
    }

    /// A client that speaks to the service in this process's name, and tries again what may pass.
    ///
    /// # Errors
    ///
    /// As [`Identity::credentials`].
    pub fn prepare<F>(
        &self,
        builder: ClientBuilder<F, Credentials>,
    ) -> anyhow::Result<ClientBuilder<F, Credentials>> {
        let builder = builder
            .with_credentials(self.credentials()?)
            .with_retry_policy(policy())
            .with_backoff_policy(self.waits().backoff());
        Ok(match self.endpoint() {
            Some(endpoint) => builder.with_endpoint(endpoint),
            None => builder,
        })
    }

    /// What signs in this process's name. Where it has no private key, as on Cloud Run, [IAM
    /// Credentials](https://cloud.google.com/iam/docs/reference/credentials/rest) sign, if the
    /// account may create tokens of itself.
    ///
    /// # Errors
    ///
    /// Fails where the credentials are those of a person.
    pub fn signer(&self) -> anyhow::Result<Signer> {
        begin_tls();
        match self.emulator {
            Some(_) => Ok(Unsigned.into()),
            None => Builder::default().build_signer().context("nobody to sign for"),
        }
    }
}
