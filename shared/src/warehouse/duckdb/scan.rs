//! The table function `batches(id)`: DuckDB's own threads pull Arrow batches from a reader.
//!
//! It is the fastest way in: each thread reads, checks and types its own piece of the input, and
//! the rows go straight into the table.

use std::{
    collections::{HashMap, VecDeque},
    error::Error,
    sync::{
        Arc, LazyLock, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use arrow::array::RecordBatch;
use duckdb::{
    Connection,
    core::{DataChunkHandle, LogicalTypeHandle, LogicalTypeId},
    vtab::{
        BindInfo, InitInfo, TableFunctionInfo, VTab, record_batch_to_duckdb_data_chunk,
        to_duckdb_logical_type_for_field,
    },
};

use crate::warehouse::{Batches, WarehouseError};

/// Rows that a table function may return at once: one of DuckDB's vectors.
const VECTOR: usize = 2048;
/// More threads than any database is opened with.
const THREADS: u64 = 64;

// A table function is found by name and takes SQL values, so a reader is reached by a number.
static SOURCES: LazyLock<Mutex<HashMap<u64, Arc<Source>>>> = LazyLock::new(Mutex::default);
static LAST: AtomicU64 = AtomicU64::new(0);

/// A reader while it is being scanned. Dropping it ends its registration.
pub(super) struct Scan {
    id: u64,
    source: Arc<Source>,
}

/// Scanned by several threads at once.
struct Source {
    from: Arc<dyn Batches>,
    ready: Mutex<VecDeque<RecordBatch>>,
    failed: Mutex<Option<anyhow::Error>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Scan {
    pub(super) fn new(from: Arc<dyn Batches>) -> Self {
        let id = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        let (ready, failed) = (Mutex::default(), Mutex::default());
        let source = Arc::new(Source { from, ready, failed });
        lock(&SOURCES).insert(id, Arc::clone(&source));
        Self { id, source }
    }

    /// What stands after FROM.
    pub(super) fn sql(&self) -> String {
        format!("batches({}::UBIGINT)", self.id)
    }

    /// The reader's own error, with its chain, which DuckDB would flatten into text.
    pub(super) fn explain(&self, error: duckdb::Error) -> WarehouseError {
        match lock(&self.source.failed).take() {
            Some(cause) => WarehouseError::Input(cause),
            None => error.into(),
        }
    }
}

impl Drop for Scan {
    fn drop(&mut self) {
        lock(&SOURCES).remove(&self.id);
    }
}

impl Source {
    /// At most one vector of rows; reads on where none are left over.
    fn next(&self) -> anyhow::Result<Option<RecordBatch>> {
        loop {
            if let Some(piece) = lock(&self.ready).pop_front() {
                return Ok(Some(piece));
            }
            let Some(batch) = self.from.next()? else { return Ok(None) };
            let rows = batch.num_rows();
            let starts = (0..rows).step_by(VECTOR);
            let pieces = starts.map(|start| batch.slice(start, VECTOR.min(rows - start)));
            lock(&self.ready).extend(pieces);
        }
    }
}

/// The table function.
struct Pull;

impl VTab for Pull {
    type BindData = Arc<Source>;
    type InitData = ();

    fn parameters() -> Option<Vec<LogicalTypeHandle>> {
        Some(vec![LogicalTypeId::UBigint.into()])
    }

    fn bind(bind: &BindInfo) -> Result<Arc<Source>, Box<dyn Error>> {
        let id = bind.get_parameter(0).to_uint64();
        let source = lock(&SOURCES).get(&id).cloned().ok_or("nothing is read under this number")?;
        for field in source.from.schema().fields() {
            bind.add_result_column(field.name(), to_duckdb_logical_type_for_field(field)?);
        }
        Ok(source)
    }

    fn init(init: &InitInfo) -> Result<(), Box<dyn Error>> {
        init.set_max_threads(THREADS);
        Ok(())
    }

    fn func(
        call: &TableFunctionInfo<Self>,
        out: &mut DataChunkHandle,
    ) -> Result<(), Box<dyn Error>> {
        let source = call.get_bind_data();
        match source.next() {
            Ok(Some(piece)) => record_batch_to_duckdb_data_chunk(&piece, out),
            Ok(None) => {
                out.set_len(0);
                Ok(())
            }
            Err(error) => {
                let text = format!("{error:#}");
                lock(&source.failed).get_or_insert(error);
                Err(text.into())
            }
        }
    }
}

pub(super) fn register(connection: &Connection) -> Result<(), WarehouseError> {
    Ok(connection.register_table_function::<Pull>("batches")?)
}
