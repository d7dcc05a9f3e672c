//! Fences around data: an old attempt never overwrites a newer one, and one at a time writes a
//! table.
//!
//! A step takes a [`Ticket`] when it *begins to read*. Before it replaces a scope it asks whether
//! a younger ticket has replaced any of it already; after it, it writes its own number down. Both
//! happen while it holds the table's [`Writer`], so nobody comes in between.

mod bounds;
mod entry;
mod job;
mod scopes;
mod version;
mod writer;

use std::sync::Arc;

use jiff::civil::Date;

pub use self::{
    bounds::{Spans, days_of_months},
    scopes::{Inputs, Scopes, Ticket},
    version::{bump_data_version, data_version},
    writer::{HELD, Writer},
};
use crate::{
    clock::Clock,
    ids::Ids,
    org::OrgSlug,
    runs::Boot,
    store::{Store, StoreError},
    warehouse::{Scope, SourceId},
};

/// What fences work with.
#[derive(Clone)]
pub struct Fences {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    boot: Boot,
}

impl std::fmt::Debug for Fences {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fences").finish_non_exhaustive()
    }
}

/// Whether a replace may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum May {
    /// Nobody younger was there.
    Yes,
    /// A younger ticket replaced some of the scope already.
    Superseded,
    /// These months hold rows of another input.
    OtherInput(Vec<Date>),
}

impl Fences {
    /// Over a store.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        boot: Boot,
    ) -> Self {
        Self { store, clock, ids, boot }
    }

    /// Takes a number, greater than all before, for a table and source.
    ///
    /// # Errors
    ///
    /// As the store.
    pub async fn begin(
        &self,
        org: &OrgSlug,
        table: &str,
        source: &SourceId,
    ) -> Result<Ticket, StoreError> {
        scopes::change(self, org, (table, source), Scopes::draw).await
    }

    /// Whether the scope may be replaced by the ticket's holder. `input` is the hash of the file
    /// that the rows come from; months of another file are named unless that is `allowed`.
    ///
    /// # Errors
    ///
    /// As the store.
    pub async fn may_replace(
        &self,
        ticket: &Ticket,
        scope: &Scope,
        input: Option<&Inputs<'_>>,
    ) -> Result<May, StoreError> {
        let held = scopes::read(self, &ticket.org, (&ticket.table, &scope.source)).await?;
        Ok(held.may_replace(ticket.number, scope, input))
    }

    /// Gives the months of a scope the days that they may have rows of: those of the rows that go in,
    /// and of all that ever went in. They are widened before, so that a crash never leaves rows
    /// outside of them, and never narrowed: what is computed from a table learns by them of days
    /// whose rows are gone. A month whose days nobody knows stays whole.
    ///
    /// `spans` are the days of each month that rows go in for.
    ///
    /// # Errors
    ///
    /// As the store.
    pub async fn bound(
        &self,
        ticket: &Ticket,
        scope: &Scope,
        spans: &Spans,
    ) -> Result<Scope, StoreError> {
        let at = (ticket.table.as_str(), &scope.source);
        scopes::change(self, &ticket.org, at, |scopes, _| scopes.bound(scope, spans)).await
    }

    /// Writes down that the scope was replaced by the ticket's holder.
    ///
    /// # Errors
    ///
    /// As the store; the replace may be done again.
    pub async fn merged(
        &self,
        ticket: &Ticket,
        scope: &Scope,
        input: Option<&Inputs<'_>>,
    ) -> Result<(), StoreError> {
        let at = (ticket.table.as_str(), &scope.source);
        let when = (ticket.number, self.clock.now());
        scopes::change(self, &ticket.org, at, |scopes, _| {
            scopes.merged(when, scope, input);
        })
        .await
    }

    /// Becomes the one writer of a table, waiting for another that is at work.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] where the other takes too long.
    pub async fn writer(&self, org: &OrgSlug, table: &str) -> Result<Writer, StoreError> {
        writer::become_writer(self, org, table).await
    }
}
