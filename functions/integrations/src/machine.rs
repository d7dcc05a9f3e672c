//! Who may name folders of this machine.

use axum::extract::{FromRef, FromRequestParts};
use convergence::{
    Error, Result,
    auth::Caller,
    providers::{Form, Provider},
    state::BootId,
};
use http::request::Parts;

/// The header in which a program proves that it is on this machine.
const HEADER: &str = "x-ca-boot-id";

/// Whether the request knows the boot id, which stands in a file that only the operator can read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine {
    proved: bool,
}

impl Machine {
    /// Refuses to let an organization's key alone choose what this machine reads.
    pub(crate) fn check(self, provider: &Provider, caller: &Caller) -> Result<()> {
        let names_folder = provider.fields.iter().any(|field| field.form == Form::InputPrefix);
        if !names_folder || self.proved || matches!(caller, Caller::Root) {
            return Ok(());
        }
        Err(Error::Forbidden(
            "folders of the server are registered by the operator: with the root key, or from the \
             same machine with the boot id of data/server.json in X-CA-Boot-Id"
                .to_owned(),
        ))
    }
}

impl<S> FromRequestParts<S> for Machine
where
    S: Send + Sync,
    BootId: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let boot = BootId::from_ref(state).0.to_string();
        let given = parts.headers.get(HEADER).and_then(|value| value.to_str().ok());
        Ok(Self { proved: given.is_some_and(|given| given == boot) })
    }
}
