//! What a reader has found so far, from however many threads.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use super::{Block, Rejects, Report, notices::Notices, rejects::Spool, typed::Work};

/// Report, notices and rejected rows of an input.
pub(super) struct Tally {
    spool: Spool,
    bytes: AtomicU64,
    found: Mutex<(Report, Notices)>,
}

impl Tally {
    /// Nothing yet but what the header told.
    pub(super) fn new(notices: Notices) -> Self {
        let found = Mutex::new((Report::default(), notices));
        Self { spool: Spool::new(), bytes: AtomicU64::new(0), found }
    }

    /// Adds a block: what `usable` says of its usable rows, and those that are none.
    pub(super) fn add(&self, block: &Block, work: Work<'_>, usable: Report) -> anyhow::Result<()> {
        self.spool.add(&work.rejects())?;
        let rejected = (work.faults.len() + block.misfits.len()) as u64;
        self.bytes.fetch_add(block.bytes, Relaxed);
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.0.merge(Report { rejected, bytes: block.bytes, ..usable });
        found.1.merge(work.notices);
        Ok(())
    }

    /// Bytes of the (unzipped) input that were read.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// What was found.
    pub(super) fn report(&self) -> Report {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        Report { notices: found.1.list(), ..found.0.clone() }
    }

    /// The rows that cannot be used.
    pub(super) fn rejects(&self) -> anyhow::Result<Rejects> {
        self.spool.read()
    }
}
