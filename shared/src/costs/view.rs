//! The view `costs`: every `focus_*` table together.

use super::source::ROWS;
use crate::warehouse::{Field, ViewSchema};

/// The view over these tables, with explicit columns, so that it never depends on their order.
#[must_use]
pub fn schema(tables: impl IntoIterator<Item = String>, columns: &[Field]) -> ViewSchema {
    let mut tables: Vec<String> = tables.into_iter().collect();
    tables.sort();
    let columns = columns.iter().map(|field| field.name.clone()).collect();
    ViewSchema { name: ROWS.to_owned(), tables, columns }
}
