//! What "the same rows" means: rows as text, and the content hash of a table.

use anyhow::Context as _;
use arrow::{
    array::{Array, ArrayRef, RecordBatch},
    datatypes::DataType,
    util::display::{ArrayFormatter, FormatOptions},
};
use futures::TryStreamExt as _;
use sha2::{Digest as _, Sha256};

use crate::warehouse::{Dataset, Query, Warehouse};

/// Columns that differ between two runs that wrote the same.
const NOT_CONTENT: [&str; 2] = ["x_run_id", "_ingested_at"];

/// Rows as text, sorted, with `|` between columns and `null` for null; decimals without trailing
/// zeros.
///
/// # Errors
///
/// Fails for a type without text.
pub fn lines(batches: &[RecordBatch]) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    for batch in batches {
        let columns = texts(batch)?;
        for row in 0..batch.num_rows() {
            let cells = columns.iter().map(|column| column[row].as_deref().unwrap_or("null"));
            lines.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    lines.sort_unstable();
    Ok(lines)
}

/// SHA-256 over the multiset of a table's rows: all columns by name but `x_run_id` and
/// `_ingested_at`, decimals normalized, whatever the order of rows and columns.
///
/// # Errors
///
/// Fails where the table does not exist or cannot be read.
pub async fn content_hash(
    warehouse: &dyn Warehouse,
    dataset: &Dataset,
    table: &str,
) -> anyhow::Result<String> {
    let tables = warehouse.describe(dataset).await?;
    let fields = tables.get(table).with_context(|| format!("no table `{table}`"))?;
    let mut names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    names.retain(|name| !NOT_CONTENT.contains(name));
    names.sort_unstable();
    let columns = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let query = Query::new("content_hash", format!("from `{table}`\nselect {{{columns}}}"));
    let mut rows = warehouse.stream(dataset, &query).await?.batches;
    let mut hashes = Vec::new();
    while let Some(batch) = rows.try_next().await? {
        hash_rows(&batch, &mut hashes)?;
    }
    hashes.sort_unstable();
    let mut whole = Sha256::new();
    whole.update(names.join(","));
    for hash in hashes {
        whole.update(hash);
    }
    Ok(hex::encode(whole.finalize()))
}

fn hash_rows(batch: &RecordBatch, hashes: &mut Vec<[u8; 32]>) -> anyhow::Result<()> {
    let columns = texts(batch)?;
    for row in 0..batch.num_rows() {
        let mut hash = Sha256::new();
        for column in &columns {
            match &column[row] {
                None => hash.update([0]),
                Some(text) => {
                    hash.update([1]);
                    hash.update((text.len() as u64).to_le_bytes());
                    hash.update(text);
                }
            }
        }
        hashes.push(hash.finalize().into());
    }
    Ok(())
}

fn texts(batch: &RecordBatch) -> anyhow::Result<Vec<Vec<Option<String>>>> {
    batch.columns().iter().map(column_texts).collect()
}

fn column_texts(column: &ArrayRef) -> anyhow::Result<Vec<Option<String>>> {
    let options = FormatOptions::default().with_null("null");
    let format = ArrayFormatter::try_new(column.as_ref(), &options)?;
    let decimal = matches!(column.data_type(), DataType::Decimal128(..) | DataType::Decimal256(..));
    let text = |row| {
        let text = format.value(row).try_to_string()?;
        Ok(if decimal { plain(&text) } else { text })
    };
    let cell = |row| if column.is_null(row) { Ok(None) } else { text(row).map(Some) };
    (0..column.len()).map(cell).collect()
}

/// A decimal without trailing zeros.
fn plain(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}
