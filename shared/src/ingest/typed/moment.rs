//! Moments and days.

use std::sync::Arc;

use arrow::array::{Date32Array, TimestampMicrosecondArray};

use super::{Column, Target, Work, column::nulls};
use crate::ingest::{notices::Kind, values};

const EXPECTED: &str = "not a moment that can be read in one way only; write 2026-01-31T00:00:00Z";

impl Work<'_> {
    pub(super) fn moment(&mut self, target: &Target, column: usize) -> Column {
        let (values, valid) = self.moments(target, column, true);
        let array = TimestampMicrosecondArray::new(values.into(), nulls(&valid));
        Column::Values(Arc::new(array.with_timezone("UTC")))
    }

    pub(super) fn day(&mut self, target: &Target, column: usize) -> Column {
        let (moments, valid) = self.moments(target, column, false);
        let days = moments.into_iter().map(day_of).collect::<Vec<_>>();
        Column::Values(Arc::new(Date32Array::new(days.into(), nulls(&valid))))
    }

    /// Microseconds since 1970, and which are known; where it matters, moments without zone are told.
    fn moments(&mut self, target: &Target, column: usize, zoned: bool) -> (Vec<i64>, Vec<bool>) {
        let rows = self.rows();
        let (mut values, mut valid) = (vec![0; rows], vec![false; rows]);
        // Neighbours often have the same text.
        let mut last: (&[u8], i64, bool) = (b"", 0, true);
        for row in 0..rows {
            let Some((_, text)) = self.field(row, column, target) else { continue };
            if text != last.0 {
                let Some((value, said)) = values::timestamp(text) else {
                    self.refuse(row, target, text, EXPECTED);
                    continue;
                };
                last = (text, value, said);
            }
            (values[row], valid[row]) = (last.1, true);
            if zoned && !last.2 {
                let sample = || self.block.text(row, column).unwrap_or_default();
                self.notices
                    .add(Kind::TimeWithoutZone, || format!("{} {:?}", target.name, sample()));
            }
        }
        (values, valid)
    }
}

/// The UTC day of a moment, as days since 1970.
pub(in crate::ingest) fn day_of(micros: i64) -> i32 {
    i32::try_from(micros.div_euclid(86_400_000_000)).unwrap_or(i32::MAX)
}
