//! From pages that a task fetches to batches that a loader pulls: bounded, in order, and never
//! taken for whole when it is not.

use std::sync::{Mutex, PoisonError};

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use async_trait::async_trait;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::{StepError, WasCut};
use crate::warehouse::Batches;

/// How many pages may wait for the loader: fetching stops meanwhile.
const WAITING: usize = 2;

/// Rows that come page by page from somebody else.
#[async_trait]
pub trait Pages: Send {
    /// The columns of every page.
    fn schema(&self) -> SchemaRef;

    /// The rows of the next page; `None` after the last.
    ///
    /// # Errors
    ///
    /// Says whether asking again may help. Nothing of what was fetched before becomes visible.
    async fn next(&mut self) -> Result<Option<RecordBatch>, StepError>;

    /// Bytes that were read so far.
    fn bytes_read(&self) -> u64 {
        0
    }
}

/// Sends every page, and says when there is none left.
pub(super) struct Pump<P> {
    pages: P,
    to: Sender<Option<RecordBatch>>,
}

/// Receives them, on any thread that may wait.
pub(super) struct Bridge {
    schema: SchemaRef,
    from: Mutex<From>,
}

struct From {
    pages: Receiver<Option<RecordBatch>>,
    ended: bool,
}

/// Both ends.
pub(super) fn bridge<P: Pages>(pages: P) -> (Pump<P>, Bridge) {
    let (to, from) = mpsc::channel(WAITING);
    let schema = pages.schema();
    let from = Mutex::new(From { pages: from, ended: false });
    (Pump { pages, to }, Bridge { schema, from })
}

impl<P: Pages> Pump<P> {
    /// Fetches until there is nothing left, or nobody takes it any more.
    pub(super) async fn run(mut self, read: impl Fn(u64)) -> Result<(), StepError> {
        loop {
            let page = self.pages.next().await?;
            read(self.pages.bytes_read());
            let last = page.is_none();
            if self.to.send(page).await.is_err() || last {
                return Ok(());
            }
        }
    }
}

impl Batches for Bridge {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    /// Several threads may pull: the end is kept for all of them. A sender that went away without
    /// saying that there is no more has left something out.
    fn next(&self) -> anyhow::Result<Option<RecordBatch>> {
        let mut from = self.from.lock().unwrap_or_else(PoisonError::into_inner);
        if from.ended {
            return Ok(None);
        }
        let page = from.pages.blocking_recv().ok_or(WasCut)?;
        from.ended = page.is_none();
        Ok(page)
    }
}
