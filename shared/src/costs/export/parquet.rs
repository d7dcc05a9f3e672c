//! Apache Parquet, in row groups small enough to keep in memory.

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};

use super::Encoder;

/// Rows of a group: it is compressed and sent when it is full.
const GROUP_ROWS: usize = 32 * 1024;

pub(super) struct Parquet(ArrowWriter<Vec<u8>>);

impl Parquet {
    pub(super) fn new(schema: &SchemaRef) -> anyhow::Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let schema = SchemaRef::clone(schema);
        Ok(Self(ArrowWriter::try_new(Vec::new(), schema, Some(properties))?))
    }
}

impl Encoder for Parquet {
    fn batch(&mut self, batch: &RecordBatch) -> anyhow::Result<Vec<u8>> {
        self.0.write(batch)?;
        // The writer counts what it has written by itself, so what is written can go.
        Ok(std::mem::take(self.0.inner_mut()))
    }

    fn finish(self: Box<Self>) -> anyhow::Result<Vec<u8>> {
        Ok(self.0.into_inner()?)
    }
}
