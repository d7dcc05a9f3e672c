//! Every query has its index: what the infrastructure declares is what the code asks for.

use std::{fs, path::PathBuf};

use convergence::store::{
    Collection,
    firestore::{Order, fields, indexes},
};
use serde::Serialize;

/// Compares a file of `configs/system` with the code, or writes it anew.
fn holds<T: Serialize>(file: &str, rows: &[T]) {
    let lines: Vec<_> = rows.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
    let text = format!("[\n  {}\n]\n", lines.join(",\n  "));
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../configs/system")).join(file);
    if crate::update_docs() {
        fs::write(&path, &text).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, text, "{file} is not what the code needs; UPDATE_DOCS=1 writes it");
}

#[test]
fn the_declared_indexes_are_those_of_the_queries() {
    holds("firestore_indexes.json", &indexes().unwrap());
    holds("firestore_fields.json", &fields());
}

#[test]
fn every_list_has_an_index_that_begins_with_its_conditions_and_ends_with_its_order() {
    let indexes = indexes().unwrap();
    for collection in Collection::ALL {
        let of: Vec<Vec<&str>> = indexes
            .iter()
            .filter(|index| index.collection == collection.name())
            .map(|index| index.fields.iter().map(|field| field.field.as_str()).collect())
            .collect();
        // Of one owner or of all, by each set of filters; without any, the order alone is enough.
        assert_eq!(of.len(), 2 * 2_usize.pow(collection.filters().len().try_into().unwrap()) - 1);
        assert!(of.contains(&vec!["owner", "id"]), "{of:?}");
        for filter in collection.filters() {
            assert!(of.contains(&vec![filter, "id"]), "{of:?}");
            assert!(of.contains(&vec!["owner", filter, "id"]), "{of:?}");
        }
    }
    for index in &indexes {
        let (last, conditions) = index.fields.split_last().unwrap();
        assert_eq!((last.field.as_str(), last.order), ("id", Order::Descending));
        assert!(conditions.iter().all(|field| field.order == Order::Ascending));
    }
    let composites = indexes.len();
    assert!(composites <= 200, "Firestore makes 200 of them: {composites}");
}

#[test]
fn what_is_large_or_only_rises_has_no_index_and_what_ends_is_deleted() {
    let fields = fields();
    assert_eq!(fields.len(), 4 * Collection::ALL.len());
    for collection in Collection::ALL {
        let of = fields.iter().filter(|field| field.collection == collection.name());
        let of: Vec<_> = of.map(|field| (field.field, field.ttl)).collect();
        let wanted = [("body", false), ("commit", false), ("over", false), ("expire_at", true)];
        assert_eq!(of, wanted);
        // A filter may be none of the fields that every document has.
        let own = ["owner", "id", "due_at", "expire_at", "body", "commit", "over"];
        assert!(collection.filters().iter().all(|filter| !own.contains(filter)));
    }
}
