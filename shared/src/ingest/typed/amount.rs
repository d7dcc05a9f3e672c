//! Amounts and quantities.

use std::sync::Arc;

use arrow::array::Decimal128Array;

use super::{Column, Target, Work, column::nulls, work::sample};
use crate::{
    decimal::{Decimal, PRECISION, SCALE},
    ingest::notices::Kind,
};

impl Work<'_> {
    pub(super) fn amount(&mut self, target: &Target, column: usize) -> anyhow::Result<Column> {
        let rows = self.rows();
        let (mut values, mut valid) = (vec![0; rows], vec![false; rows]);
        for row in 0..rows {
            let Some((_, text)) = self.field(row, column, target) else { continue };
            match Decimal::read(text) {
                Ok(reading) => {
                    (values[row], valid[row]) = (reading.value.scaled(), true);
                    if reading.rounded {
                        let sample = || sample(self.block, row, target, text);
                        self.notices.add(Kind::DecimalsRounded, sample);
                        self.notices.residue(reading.residue);
                    }
                }
                Err(error) => self.refuse(row, target, text, &error.to_string()),
            }
        }
        let array = Decimal128Array::new(values.into(), nulls(&valid));
        let array = array.with_precision_and_scale(PRECISION, SCALE.cast_signed())?;
        Ok(Column::Values(Arc::new(array)))
    }
}
