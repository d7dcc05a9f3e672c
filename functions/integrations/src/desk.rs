//! What every change of a connection works with.

use std::{ops::Deref, sync::Arc};

use axum::extract::{FromRef, FromRequestParts};
use convergence::{
    Error, Result, claims::Claims, clock::Clock, connections::Connections, ids::Ids,
    ledger::Ledger, providers::Providers, store::Store, vault::Vault,
};
use http::request::Parts;

/// The capabilities of handlers that change a connection.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) claims: Arc<Claims>,
    pub(crate) ids: Arc<dyn Ids>,
    connections: Connections,
}

impl Deref for Desk {
    type Target = Connections;

    fn deref(&self) -> &Connections {
        &self.connections
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
        let connections = Connections {
            clock: FromRef::from_ref(state),
            ledger: FromRef::from_ref(state),
            providers: FromRef::from_ref(state),
            store: FromRef::from_ref(state),
            vault: FromRef::from_ref(state),
        };
        let (claims, ids) = (FromRef::from_ref(state), FromRef::from_ref(state));
        Ok(Self { claims, ids, connections })
    }
}
