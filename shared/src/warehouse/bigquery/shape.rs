//! A table as BigQuery is to make it: its columns, its partitions and their rules, whose it is.

use google_cloud_bigquery_v2::model::{self, Clustering, TableReference, TimePartitioning};

use super::{jobs::Labels, names::Table, types};
use crate::warehouse::{Field, TableSchema};

const MILLIS_OF_A_DAY: i64 = 24 * 60 * 60 * 1000;

/// The table that a schema describes.
pub(super) fn table(named: &Table, schema: &TableSchema, labels: Labels) -> model::Table {
    let made = model::Table::new()
        .set_table_reference(reference(named))
        .set_description(&schema.description)
        .set_labels(labels)
        .set_schema(columns(&schema.fields));
    let made = partitioned(made, schema);
    if schema.cluster_by.is_empty() {
        return made;
    }
    made.set_clustering(Clustering::new().set_fields(&schema.cluster_by))
}

/// A table with the schema's partitions and their rules.
pub(super) fn partitioned(made: model::Table, schema: &TableSchema) -> model::Table {
    let Some(field) = &schema.partition_by else { return made };
    let mut days = TimePartitioning::new().set_type("DAY").set_field(field);
    if let Some(millis) = kept_millis(schema) {
        days = days.set_expiration_ms(millis);
    }
    made.set_time_partitioning(days).set_require_partition_filter(schema.require_partition_filter)
}

/// Whether a table's partitions have the schema's rules. They can be given at any time, partitions
/// cannot.
pub(super) fn has_its_rules(found: &model::Table, schema: &TableSchema) -> bool {
    let Some(days) = &found.time_partitioning else { return true };
    let required = found.require_partition_filter.unwrap_or_default();
    let kept = kept_millis(schema).is_none_or(|millis| days.expiration_ms == Some(millis));
    required == schema.require_partition_filter && kept
}

fn kept_millis(schema: &TableSchema) -> Option<i64> {
    schema.partition_expiration_days.map(|days| i64::from(days) * MILLIS_OF_A_DAY)
}

/// A table as the REST API names it.
pub(super) fn reference(table: &Table) -> TableReference {
    let reference = TableReference::new().set_project_id(&table.project);
    reference.set_dataset_id(&table.dataset).set_table_id(&table.name)
}

/// Columns as the REST API makes them.
pub(super) fn columns(fields: &[Field]) -> model::TableSchema {
    model::TableSchema::new().set_fields(fields.iter().map(types::column))
}
