//! Requests that may be sent again: one effect, and the first answer every time.
//!
//! A claim is created before the work. The commit that has the effect also marks the claim done,
//! with the answer sealed in it, so there is no moment with an effect and without an answer.

mod answer;
mod begin;
mod claim;
mod document;
mod once;
mod sweep;

use std::{fmt, sync::Arc};

pub use self::{answer::Answer, begin::Begin, claim::Claim, document::ClaimDocument};
use crate::{clock::Clock, ledger::Ledger, runs::Boot, store::Store, vault::Vault};

/// Begins requests that may be sent again. Cheap to clone.
#[derive(Clone)]
pub struct Claims {
    store: Arc<dyn Store>,
    vault: Arc<Vault>,
    ledger: Arc<Ledger>,
    clock: Arc<dyn Clock>,
    boot: Boot,
}

impl Claims {
    /// Keeps claims in `store` and seals their answers by `vault`; `boot` is the process that does
    /// the work.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        vault: Arc<Vault>,
        ledger: Arc<Ledger>,
        clock: Arc<dyn Clock>,
        boot: Boot,
    ) -> Self {
        Self { store, vault, ledger, clock, boot }
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claims(…)")
    }
}
