//! The indexes that the queries need, derived from the queries themselves.
//!
//! Firestore refuses a query whose index was not declared; its emulator does not. So every query
//! that the store can send is built here once, and `configs/system/firestore_indexes.json` and
//! `firestore_fields.json`, which the infrastructure reads, are held to what follows from that.

use gcloud_sdk::google::firestore::v1::{
    StructuredQuery,
    structured_query::{Direction, Filter, filter::FilterType},
};
use jiff::Timestamp;
use serde::Serialize;

use super::{
    address::Database,
    document::{EXPIRE_AT, UNINDEXED},
    query::{self, NAME},
};
use crate::store::{Collection, PageRequest, StoreError};

/// An index of more than one field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Index {
    /// Of which collection.
    pub collection: &'static str,
    /// In this order. The document's name follows by itself, in the direction of the last.
    pub fields: Vec<IndexField>,
}

/// A field of an index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct IndexField {
    /// The field of the documents.
    pub field: String,
    /// Its direction.
    pub order: Order,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Order {
    /// Least first.
    Ascending,
    /// Greatest first.
    Descending,
}

/// A field that has no index of its own, as all others have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldConfig {
    /// Of which collection.
    pub collection: &'static str,
    /// The field of the documents.
    pub field: &'static str,
    /// Whether Firestore deletes a document when the time that stands there has passed.
    pub ttl: bool,
}

/// Every index that a query needs and that Firestore does not make by itself.
///
/// # Errors
///
/// Fails where a query cannot be built, which is a bug.
pub fn indexes() -> Result<Vec<Index>, StoreError> {
    let mut indexes: Vec<Index> =
        queries()?.iter().filter_map(|query| index(query.collection, &query.structured)).collect();
    indexes.sort();
    Ok(indexes)
}

/// Every field without an index of its own: what no query asks for. Sizes of the body are no limit
/// then, and times that only rise slow no writes down.
#[must_use]
pub fn fields() -> Vec<FieldConfig> {
    let of = |collection: Collection| {
        UNINDEXED.map(|field| FieldConfig {
            collection: collection.name(),
            field,
            ttl: field == EXPIRE_AT,
        })
    };
    Collection::ALL.into_iter().flat_map(of).collect()
}

/// Every query that the store can send, but for the values in it.
fn queries() -> Result<Vec<query::Query>, StoreError> {
    let database = Database { path: "projects/any/databases/any".to_owned() };
    let page = PageRequest { limit: 1, after: None };
    let mut queries = Vec::new();
    for collection in Collection::ALL {
        queries.push(query::due(&database, collection, Timestamp::UNIX_EPOCH, &page)?);
        for filters in subsets(collection.filters()) {
            for owned in [false, true] {
                queries.push(query::shape(&database, collection, owned, &filters)?);
            }
        }
    }
    Ok(queries)
}

fn subsets<'a>(of: &[&'a str]) -> Vec<Vec<&'a str>> {
    of.iter().fold(vec![Vec::new()], |subsets, field| {
        let with = subsets.iter().map(|subset| [subset.as_slice(), &[field]].concat());
        subsets.iter().cloned().chain(with).collect()
    })
}

/// The index of a query: what must be equal, then the order. An index of one field is there already.
fn index(collection: Collection, query: &StructuredQuery) -> Option<Index> {
    let ordered: Vec<_> = query
        .order_by
        .iter()
        .filter_map(|by| Some((by.field.as_ref()?.field_path.clone(), by.direction())))
        .filter(|(field, _)| field != NAME)
        .collect();
    let equal = equal(query.r#where.as_ref()).map(|field| (field, Direction::Ascending));
    let new = |(field, direction)| {
        let descending = direction == Direction::Descending;
        IndexField { field, order: if descending { Order::Descending } else { Order::Ascending } }
    };
    let is_ordered = |field: &str| ordered.iter().any(|(by, _)| by == field);
    let equal = equal.filter(|(field, _)| !is_ordered(field));
    let fields: Vec<_> = equal.chain(ordered.iter().cloned()).map(new).collect();
    (fields.len() > 1).then_some(Index { collection: collection.name(), fields })
}

/// The fields of the conditions. One that is ordered by too has its place there.
fn equal(filter: Option<&Filter>) -> impl Iterator<Item = String> {
    let conditions = match filter.and_then(|filter| filter.filter_type.as_ref()) {
        Some(FilterType::CompositeFilter(all)) => all.filters.as_slice(),
        _ => &[],
    };
    conditions.iter().filter_map(|condition| match &condition.filter_type {
        Some(FilterType::FieldFilter(it)) => Some(it.field.as_ref()?.field_path.clone()),
        _ => None,
    })
}
