//! Columns, texts of which become arrays only when all of a block's texts are known.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, BooleanArray, RecordBatch, StringViewArray, make_view, new_null_array},
    buffer::{BooleanBuffer, Buffer, NullBuffer},
    compute::filter_record_batch,
    datatypes::{Schema, SchemaRef},
};

use super::{Target, Work};
use crate::ingest::block::Span;

/// A column of a block.
pub(in crate::ingest) enum Column {
    /// Values.
    Values(ArrayRef),
    /// Texts: views into the block and the side buffer.
    Views(Vec<u128>, Option<NullBuffer>),
}

/// Which of Arrow's buffers a view points into.
pub(super) const BLOCK: u32 = 0;
pub(super) const SIDE: u32 = 1;

impl Column {
    /// A column that the input lacks.
    pub(super) fn missing(target: &Target, rows: usize) -> Self {
        Self::Values(new_null_array(&target.kind.data_type(), rows))
    }

    /// Texts of which the valid ones are known.
    pub(in crate::ingest) fn views(views: Vec<u128>, valid: &[bool]) -> Self {
        Self::Views(views, nulls(valid))
    }

    /// The array.
    fn array(self, buffers: &Arc<[Buffer]>) -> anyhow::Result<ArrayRef> {
        match self {
            Self::Values(array) => Ok(array),
            // Checks every view, and that it is UTF-8.
            Self::Views(views, nulls) => {
                Ok(Arc::new(StringViewArray::try_new(views.into(), Arc::clone(buffers), nulls)?))
            }
        }
    }
}

/// Validity as Arrow keeps it: nothing where nothing is null.
pub(in crate::ingest) fn nulls(valid: &[bool]) -> Option<NullBuffer> {
    valid.contains(&false).then(|| NullBuffer::new(BooleanBuffer::from(valid)))
}

impl Work<'_> {
    /// A view of a text that is a piece of the block.
    pub(super) fn piece(span: Span, text: &[u8]) -> u128 {
        make_view(text, BLOCK, span.start)
    }

    /// A view of a text that is none.
    pub(in crate::ingest) fn aside(&mut self, text: &[u8]) -> u128 {
        let start = self.side.len();
        self.side.extend_from_slice(text);
        self.side_view(start, self.side.len())
    }

    /// A view of what `write` adds to the side buffer; `None` where that is nothing.
    pub(in crate::ingest) fn write_aside<E>(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<Option<u128>, E> {
        let start = self.side.len();
        write(&mut self.side)?;
        let end = self.side.len();
        Ok((end > start).then(|| self.side_view(start, end)))
    }

    /// A view of a piece of the side buffer.
    fn side_view(&self, start: usize, end: usize) -> u128 {
        make_view(&self.side[start..end], SIDE, u32::try_from(start).unwrap_or(u32::MAX))
    }

    /// All columns as arrays.
    pub(in crate::ingest) fn arrays(
        &mut self,
        columns: Vec<Column>,
    ) -> anyhow::Result<Vec<ArrayRef>> {
        let side = Buffer::from_vec(std::mem::take(&mut self.side));
        let buffers: Arc<[Buffer]> = Arc::new([self.block.text.clone(), side]);
        columns.into_iter().map(|column| column.array(&buffers)).collect()
    }
}

/// The rows without fault, as a batch of `schema`.
pub(in crate::ingest) fn usable(
    work: &mut Work<'_>,
    columns: Vec<Column>,
    schema: &SchemaRef,
) -> anyhow::Result<RecordBatch> {
    let arrays = work.arrays(columns)?;
    if work.faults.is_empty() {
        return Ok(RecordBatch::try_new(SchemaRef::clone(schema), arrays)?);
    }
    // Rows with faults may lack what is required: only what is left has to fit the schema.
    let fields = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true));
    let loose = Schema::new(fields.collect::<Vec<_>>());
    let batch = RecordBatch::try_new(Arc::new(loose), arrays)?;
    let keep = (0..batch.num_rows()).map(|row| Some(!work.faults.contains_key(&row)));
    let kept = filter_record_batch(&batch, &keep.collect::<BooleanArray>())?;
    Ok(RecordBatch::try_new(SchemaRef::clone(schema), kept.columns().to_vec())?)
}
