//! What every change of a connection works with.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use convergence::{
    Error, Result,
    claims::Claims,
    clock::Clock,
    ids::Ids,
    ledger::Ledger,
    providers::{Provider, Providers},
    store::Store,
    vault::Vault,
};
use http::request::Parts;

/// The capabilities of handlers that change a connection.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) claims: Arc<Claims>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) vault: Arc<Vault>,
    providers: Arc<Providers>,
}

impl Desk {
    /// A provider of the registry.
    pub(crate) fn provider(&self, id: &str) -> Result<&Provider> {
        self.providers.get(id).ok_or_else(|| {
            let known: Vec<_> = self.providers.all().iter().map(|it| it.id.as_str()).collect();
            let known = known.join(", ");
            Error::NotFound(format!("there is no provider `{id}`; there are: {known}"))
        })
    }
}

impl<S> FromRequestParts<S> for Desk
where
    S: Send + Sync,
    Arc<Claims>: FromRef<S>,
    Arc<Ledger>: FromRef<S>,
    Arc<Providers>: FromRef<S>,
    Arc<Vault>: FromRef<S>,
    Arc<dyn Clock>: FromRef<S>,
    Arc<dyn Ids>: FromRef<S>,
    Arc<dyn Store>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Self> {
        Ok(Self {
            claims: FromRef::from_ref(state),
            clock: FromRef::from_ref(state),
            ids: FromRef::from_ref(state),
            ledger: FromRef::from_ref(state),
            store: FromRef::from_ref(state),
            vault: FromRef::from_ref(state),
            providers: FromRef::from_ref(state),
        })
    }
}
