//! Whole numbers and flags.

use std::sync::Arc;

use arrow::array::{BooleanArray, Int64Array};

use super::{Column, Target, Work};

impl Work<'_> {
    pub(super) fn whole(&mut self, target: &Target, column: usize) -> Column {
        let values: Vec<Option<i64>> = (0..self.rows())
            .map(|row| {
                let (_, text) = self.field(row, column, target)?;
                let value = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
                if value.is_none() {
                    self.refuse(row, target, text, "not a whole number");
                }
                value
            })
            .collect();
        Column::Values(Arc::new(Int64Array::from(values)))
    }

    pub(super) fn flag(&mut self, target: &Target, column: usize) -> Column {
        let values: Vec<Option<bool>> = (0..self.rows())
            .map(|row| {
                let (_, text) = self.field(row, column, target)?;
                match text.to_ascii_lowercase().as_slice() {
                    b"true" => Some(true),
                    b"false" => Some(false),
                    _ => {
                        self.refuse(row, target, text, "neither true nor false");
                        None
                    }
                }
            })
            .collect();
        Column::Values(Arc::new(BooleanArray::from(values)))
    }
}
