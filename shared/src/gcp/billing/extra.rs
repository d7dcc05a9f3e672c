//! What FOCUS keeps in one column of JSON.

use serde_json::{Map, Value};

use super::record::{Record, text};

/// Fields that FOCUS has no column for.
const EXTRA: [&str; 23] = [
    "adjustment_info_description",
    "adjustment_info_id",
    "adjustment_info_mode",
    "adjustment_info_type",
    "consumption_model_description",
    "consumption_model_id",
    "cost_at_effective_price_default",
    "cost_at_list_consumption_model",
    "cost_type",
    "currency_conversion_rate",
    "export_time",
    "invoice_month",
    "invoice_publisher_type",
    "location_country",
    "location_location",
    "price_tier_start_amount",
    "project_ancestry_numbers",
    "project_number",
    "seller_name",
    "service_id",
    "subscription_instance_id",
    "transaction_type",
    "usage_unit",
];

/// The rest of a row, and of one of its credits, as canonical JSON.
pub(super) fn extra(record: &Record, credit: Option<&Value>) -> Option<String> {
    let mut extra = Map::new();
    for name in EXTRA {
        if let Some(value) = record.text(name) {
            extra.insert(name.to_owned(), Value::String(value));
        }
    }
    for name in ["id", "type", "name"] {
        if let Some(value) = credit.and_then(|credit| credit.get(name)).and_then(text) {
            extra.insert(format!("credit_{name}"), Value::String(value));
        }
    }
    (!extra.is_empty()).then(|| Value::Object(extra).to_string())
}

/// Labels and tags as one object. Labels of the resource keep their keys; those of its project,
/// tags, and what Google sets say where they come from, so that none hides another.
pub(super) fn tags(record: &Record) -> Option<String> {
    let mut tags = Map::new();
    add(&mut tags, record.list("labels"), |key, _| key.to_owned());
    add(&mut tags, record.list("project_labels"), |key, _| format!("project/{key}"));
    add(&mut tags, record.list("system_labels"), |key, _| format!("system/{key}"));
    add(&mut tags, record.list("tags"), |key, tag| {
        let namespace = tag.get("namespace").and_then(Value::as_str).unwrap_or("tag");
        format!("{namespace}/{key}")
    });
    (!tags.is_empty()).then(|| Value::Object(tags).to_string())
}

fn add(tags: &mut Map<String, Value>, list: Option<&[Value]>, name: fn(&str, &Value) -> String) {
    for entry in list.unwrap_or_default() {
        let Some(key) = entry.get("key").and_then(Value::as_str) else { continue };
        let value = entry.get("value").and_then(text).unwrap_or_default();
        tags.entry(name(key, entry)).or_insert(Value::String(value));
    }
}
