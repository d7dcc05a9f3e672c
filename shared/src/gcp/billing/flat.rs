//! Records of the export as records of `gcp_billing_raw`, block by block.

use std::sync::Arc;

use jiff::Timestamp;

use super::{record::Record, rows};
use crate::{
    ingest::{Block, Blocks, Refused},
    warehouse::Field,
};

/// Columns without which a file is no billing export.
const INDISPENSABLE: [&str; 3] = ["cost", "currency", "usage_start_time"];

pub(super) struct Flat {
    records: Arc<dyn Blocks>,
    fields: Vec<Field>,
    columns: Vec<String>,
    now: Timestamp,
}

impl Flat {
    pub(super) fn new(
        records: Arc<dyn Blocks>,
        fields: &[Field],
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let has = |name: &&str| records.columns().iter().any(|column| column == name);
        let missing: Vec<&str> = INDISPENSABLE.into_iter().filter(|name| !has(name)).collect();
        if !missing.is_empty() {
            let message = format!("the file lacks {}: is it a billing export?", missing.join(", "));
            return Err(Refused::new("missing_column", message));
        }
        let columns = fields.iter().map(|field| field.name.clone()).collect();
        Ok(Self { records, fields: fields.to_vec(), columns, now })
    }

    /// A row of a block as its texts by column.
    fn record(&self, block: &Block, row: usize) -> Result<Record, String> {
        let mut record = Record::default();
        for (column, name) in self.records.columns().iter().enumerate() {
            if let Some(text) = block.text(row, column) {
                record.add(name, text)?;
            }
        }
        Ok(record)
    }
}

impl Blocks for Flat {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&self) -> Result<Option<Block>, Refused> {
        let Some(block) = self.records.next()? else { return Ok(None) };
        let mut flat = block.emptied(self.fields.len());
        for row in 0..block.rows() {
            let position = block.position(row);
            let record = self.record(&block, row);
            let at = (position, self.now);
            match record.and_then(|record| rows::rows(&record, &self.fields, at)) {
                Ok(rows) => {
                    for row in rows {
                        flat.push(position, row.iter().map(Option::as_deref));
                    }
                }
                Err(reason) => flat.refuse(position, reason, block.excerpt(row)),
            }
        }
        Ok(Some(flat.finish()))
    }
}
