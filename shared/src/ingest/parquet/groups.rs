//! The row groups of a file: each is decoded by one reader, several by several threads at once.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use arrow::array::RecordBatch;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

use super::source::Source;
use crate::ingest::Refused;

/// Rows that are decoded at a time.
const ROWS: usize = 2_048;

/// What is left of a file.
pub(super) struct Groups {
    source: Source,
    metadata: ArrowReaderMetadata,
    state: Mutex<State>,
    /// Told whenever a reader comes back or has ended.
    back: Condvar,
}

#[derive(Default)]
struct State {
    /// The row group that is opened next.
    next: usize,
    /// The number of its first row, less 1.
    rows_before: u64,
    /// Readers that nobody uses now.
    idle: Vec<Group>,
    /// Readers that somebody uses now.
    busy: usize,
}

/// A row group that is being read.
struct Group {
    number: usize,
    reader: ParquetRecordBatchReader,
    /// The number of its next row, from 1.
    row: u64,
}

/// A row group that a thread has. It comes back when this is dropped, unless it was taken out.
struct Lent<'a> {
    of: &'a Groups,
    group: Option<Group>,
}

impl Groups {
    pub(super) fn new(source: Source, metadata: ArrowReaderMetadata) -> Self {
        Self { source, metadata, state: Mutex::default(), back: Condvar::new() }
    }

    /// The next rows and the number of the first of them. One thread alone gets them in the order
    /// of the file; several get those of different row groups.
    pub(super) fn next(&self) -> Result<Option<(RecordBatch, u64)>, Refused> {
        while let Some(mut lent) = self.lend()? {
            let Some(group) = &mut lent.group else { continue };
            match group.reader.next() {
                Some(Ok(batch)) => {
                    let first = group.row;
                    group.row += batch.num_rows() as u64;
                    return Ok(Some((batch, first)));
                }
                Some(Err(error)) => return Err(Refused::unreadable(&error)),
                None => lent.group = None,
            }
        }
        Ok(None)
    }

    /// The first row group that nobody reads now. Where others read all that are left, waits for
    /// one of them: it may have more.
    fn lend(&self) -> Result<Option<Lent<'_>>, Refused> {
        let mut state = self.state();
        loop {
            let first = (0..state.idle.len()).min_by_key(|at| state.idle[*at].number);
            let group = match first {
                Some(at) => Some(state.idle.swap_remove(at)),
                None => self.open(&mut state)?,
            };
            if group.is_some() {
                state.busy += 1;
                return Ok(Some(Lent { of: self, group }));
            }
            if state.busy == 0 {
                return Ok(None);
            }
            state = self.back.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn open(&self, state: &mut State) -> Result<Option<Group>, Refused> {
        let number = state.next;
        let Some(found) = self.metadata.metadata().row_groups().get(number) else {
            return Ok(None);
        };
        let (source, metadata) = (self.source.clone(), self.metadata.clone());
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(source, metadata);
        let builder = builder.with_row_groups(vec![number]).with_batch_size(ROWS);
        let reader = builder.build().map_err(|error| Refused::unreadable(&error))?;
        let row = state.rows_before + 1;
        state.next += 1;
        state.rows_before += found.num_rows().unsigned_abs();
        Ok(Some(Group { number, reader, row }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = self.of.state();
        state.busy -= 1;
        // A reader that panicked has nothing more to say.
        state.idle.extend(self.group.take().filter(|_| !std::thread::panicking()));
        self.of.back.notify_all();
    }
}
