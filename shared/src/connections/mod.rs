//! Connections of organizations to providers: what every change of one commits, and how one is
//! checked again.

mod change;
mod recheck;

use std::{fmt, sync::Arc};

pub use self::change::Change;
use crate::{clock::Clock, ledger::Ledger, providers::Providers, store::Store, vault::Vault};

/// What changes of connections work with. Cheap to clone.
#[derive(Clone)]
pub struct Connections {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What tells of them.
    pub ledger: Arc<Ledger>,
    /// What can be connected.
    pub providers: Arc<Providers>,
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// What opens their credentials.
    pub vault: Arc<Vault>,
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").finish_non_exhaustive()
    }
}
