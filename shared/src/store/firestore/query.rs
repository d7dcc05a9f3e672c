//! The questions that are asked: lists, and what is due.

use gcloud_sdk::google::firestore::v1::{
    Cursor, StructuredQuery, Value,
    structured_query::{
        CollectionSelector, CompositeFilter, Direction, FieldFilter, FieldReference, Filter, Order,
        composite_filter, field_filter, filter::FilterType,
    },
    value::ValueType,
};
use jiff::Timestamp;

use super::{
    address::Database,
    document::{DUE_AT, ID, OWNER, text, time},
};
use crate::store::{
    Collection, Key, List, Owner, PageRequest, StoreError,
    cursor::{DueUntil, ListedUntil},
};

/// The name of a document, as queries call it: what comes last decides between equals.
pub(super) const NAME: &str = "__name__";

/// A question about a collection.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) collection: Collection,
    pub(super) structured: StructuredQuery,
}

/// Newest id first.
pub(super) fn list(database: &Database, query: &List) -> Result<Query, StoreError> {
    query.check()?;
    let owner = query.owner.as_ref().map(|owner| equal(OWNER, text(owner.key())));
    let filters = query.filters.iter().map(|(field, value)| equal(field, text(value)));
    let conditions = owner.into_iter().chain(filters).collect();
    let mut structured = ordered(query.collection, conditions, ID, Direction::Descending);
    structured.limit = Some(limit(&query.page));
    if let Some(cursor) = &query.page.after {
        let last = ListedUntil::read(cursor)?;
        let id = text(&last.id);
        structured.start_at = Some(after(id, reference(database, query.collection, last)?));
    }
    Ok(Query { collection: query.collection, structured })
}

/// Most overdue first.
pub(super) fn due(
    database: &Database,
    collection: Collection,
    until: Timestamp,
    page: &PageRequest,
) -> Result<Query, StoreError> {
    let come = condition(DUE_AT, field_filter::Operator::LessThanOrEqual, time(until));
    let mut structured = ordered(collection, vec![come], DUE_AT, Direction::Ascending);
    structured.limit = Some(limit(page));
    if let Some(cursor) = &page.after {
        let DueUntil { at, last } = DueUntil::read(cursor)?;
        structured.start_at = Some(after(time(at), reference(database, collection, last)?));
    }
    Ok(Query { collection, structured })
}

/// A query of one collection that is ordered by a field, and then by name.
fn ordered(
    collection: Collection,
    conditions: Vec<Filter>,
    field: &str,
    direction: Direction,
) -> StructuredQuery {
    let by = |name: &str| Order { field: Some(field_of(name)), direction: direction.into() };
    let collection_id = collection.name().to_owned();
    let all = CompositeFilter { op: composite_filter::Operator::And.into(), filters: conditions };
    let filter = Filter { filter_type: Some(FilterType::CompositeFilter(all.clone())) };
    StructuredQuery {
        from: vec![CollectionSelector { collection_id, all_descendants: false }],
        r#where: (!all.filters.is_empty()).then_some(filter),
        order_by: vec![by(field), by(NAME)],
        ..Default::default()
    }
}

fn equal(field: &str, value: Value) -> Filter {
    condition(field, field_filter::Operator::Equal, value)
}

fn condition(field: &str, op: field_filter::Operator, value: Value) -> Filter {
    let filter = FieldFilter { field: Some(field_of(field)), op: op.into(), value: Some(value) };
    Filter { filter_type: Some(FilterType::FieldFilter(filter)) }
}

fn field_of(name: &str) -> FieldReference {
    FieldReference { field_path: name.to_owned() }
}

/// The place right after a document.
fn after(value: Value, name: Value) -> Cursor {
    Cursor { values: vec![value, name], before: false }
}

/// The last document of the page before, by its name.
///
/// # Errors
///
/// Fails where no document can have that name: then no page ended there.
fn reference(
    database: &Database,
    collection: Collection,
    ListedUntil { id, owner }: ListedUntil,
) -> Result<Value, StoreError> {
    let name = database.document(&Key { collection, owner, id });
    let name = name.map_err(|_| StoreError::Cursor)?;
    Ok(Value { value_type: Some(ValueType::ReferenceValue(name)) })
}

/// One more than asked for tells whether there is a next page.
fn limit(page: &PageRequest) -> i32 {
    i32::try_from(page.limit).unwrap_or(i32::MAX - 1).saturating_add(1)
}

/// A list of a collection by these filters, of one owner or of all: no matter whose.
pub(super) fn shape(
    database: &Database,
    collection: Collection,
    owned: bool,
    filters: &[&'static str],
) -> Result<Query, StoreError> {
    let filters = filters.iter().map(|field| (*field, String::new())).collect();
    let page = PageRequest { limit: 1, after: None };
    list(database, &List { collection, owner: owned.then_some(Owner::System), filters, page })
}
