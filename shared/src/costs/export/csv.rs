//! Comma-separated values (RFC 4180), with a header.

use arrow::{array::RecordBatch, datatypes::SchemaRef};

use super::{Encoder, cell};

pub(super) struct Csv {
    header: Option<String>,
}

impl Csv {
    pub(super) fn new(schema: &SchemaRef) -> Self {
        let mut header = String::new();
        for (at, field) in schema.fields().iter().enumerate() {
            separate(at, &mut header);
            quote(field.name(), &mut header);
        }
        header.push('\n');
        Self { header: Some(header) }
    }
}

impl Encoder for Csv {
    fn batch(&mut self, batch: &RecordBatch) -> anyhow::Result<Vec<u8>> {
        let mut out = self.header.take().unwrap_or_default();
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            for (at, column) in batch.columns().iter().enumerate() {
                separate(at, &mut out);
                text.clear();
                cell::write(column, row, &mut text)?;
                quote(&text, &mut out);
            }
            out.push('\n');
        }
        Ok(out.into_bytes())
    }

    fn finish(mut self: Box<Self>) -> anyhow::Result<Vec<u8>> {
        Ok(self.header.take().unwrap_or_default().into_bytes())
    }
}

fn separate(at: usize, out: &mut String) {
    if at > 0 {
        out.push(',');
    }
}

fn quote(text: &str, out: &mut String) {
    if !text.contains(['"', ',', '\n', '\r']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for part in text.split_inclusive('"') {
        out.push_str(part);
        if part.ends_with('"') {
            out.push('"');
        }
    }
    out.push('"');
}
