//! The columns of tables as they were seen last, for appends that happen all the time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::names::Table;
use crate::warehouse::Field;

/// Tables seen before all are forgotten.
const KEPT: usize = 4096;

/// What was seen. Whoever finds that it no longer holds forgets it and looks again.
#[derive(Debug, Default)]
pub(super) struct Columns(Mutex<HashMap<Table, Arc<Vec<Field>>>>);

impl Columns {
    pub(super) fn get(&self, table: &Table) -> Option<Arc<Vec<Field>>> {
        self.seen().get(table).cloned()
    }

    pub(super) fn put(&self, table: &Table, fields: Vec<Field>) -> Arc<Vec<Field>> {
        let fields = Arc::new(fields);
        let mut seen = self.seen();
        if seen.len() >= KEPT {
            seen.clear();
        }
        seen.insert(table.clone(), Arc::clone(&fields));
        fields
    }

    pub(super) fn forget(&self, table: &Table) {
        self.seen().remove(table);
    }

    pub(super) fn forget_dataset(&self, dataset: &str) {
        self.seen().retain(|table, _| table.dataset != dataset);
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<Table, Arc<Vec<Field>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
