//! Rows on their way into the warehouse.

use std::sync::{Mutex, PoisonError};

use arrow::{array::RecordBatch, datatypes::SchemaRef};

/// Rows that a backend pulls, on as many threads as it likes.
pub trait Batches: Send + Sync {
    /// Columns and their types, the same in every batch.
    fn schema(&self) -> SchemaRef;

    /// The next batch, in any order; `None` at the end. Blocks while it reads.
    ///
    /// # Errors
    ///
    /// Fails where the input cannot be read at all; bad rows are counted instead.
    fn next(&self) -> anyhow::Result<Option<RecordBatch>>;
}

/// Batches that are in memory already.
pub struct Fixed {
    schema: SchemaRef,
    batches: Mutex<Vec<RecordBatch>>,
}

impl Fixed {
    /// All of `batches`, which have the columns of `schema`.
    #[must_use]
    pub fn new(schema: SchemaRef, mut batches: Vec<RecordBatch>) -> Self {
        batches.reverse();
        Self { schema, batches: Mutex::new(batches) }
    }
}

impl Batches for Fixed {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    fn next(&self) -> anyhow::Result<Option<RecordBatch>> {
        Ok(self.batches.lock().unwrap_or_else(PoisonError::into_inner).pop())
    }
}
