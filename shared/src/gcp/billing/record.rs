//! A row of the export, however its nested fields are written.

use serde_json::{Map, Value};

/// Fields of the export that hold others, one or a list of them.
const NESTED: [&str; 17] = [
    "service",
    "sku",
    "project",
    "labels",
    "system_labels",
    "location",
    "resource",
    "tags",
    "price",
    "usage",
    "credits",
    "invoice",
    "adjustment_info",
    "subscription",
    "consumption_model",
    "ancestors",
    "labels_1",
];

/// Top-level fields, which are columns even where the first lines of a file lack them.
pub(super) const COLUMNS: [&str; 28] = [
    "billing_account_id",
    "service",
    "sku",
    "usage_start_time",
    "usage_end_time",
    "project",
    "labels",
    "system_labels",
    "location",
    "resource",
    "tags",
    "price",
    "transaction_type",
    "seller_name",
    "subscription",
    "export_time",
    "cost",
    "cost_at_list",
    "currency",
    "currency_conversion_rate",
    "usage",
    "credits",
    "invoice",
    "cost_type",
    "adjustment_info",
    "consumption_model",
    "cost_at_effective_price_default",
    "cost_at_list_consumption_model",
];

/// A row: texts as they are, nested fields as JSON.
#[derive(Debug, Default)]
pub(super) struct Record(Map<String, Value>);

impl Record {
    /// Adds a column.
    ///
    /// # Errors
    ///
    /// Says which nested field is no JSON.
    pub(super) fn add(&mut self, name: &str, text: String) -> Result<(), String> {
        let value = if NESTED.contains(&name) && text.trim_start().starts_with(['{', '[']) {
            serde_json::from_str(&text).map_err(|error| format!("`{name}` is no JSON: {error}"))?
        } else {
            Value::String(text)
        };
        self.0.insert(name.to_owned(), value);
        Ok(())
    }

    /// A field by its flattened name, as in `service_id`: from the nested field if there is one,
    /// else from a column `service_id` or `service.id`.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let nested = NESTED.iter().find_map(|outer| {
            let inner = name.strip_prefix(outer)?.strip_prefix('_')?;
            let fields = self.0.get(*outer)?.as_object()?;
            fields.get(inner).filter(|value| !value.is_null())
        });
        nested.or_else(|| self.column(name))
    }

    /// As [`Record::get`], as text; nested values as canonical JSON.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(text)
    }

    /// The entries of a repeated field.
    pub(super) fn list(&self, name: &str) -> Option<&[Value]> {
        self.get(name).and_then(Value::as_array).map(Vec::as_slice)
    }

    fn column(&self, name: &str) -> Option<&Value> {
        let dotted = || {
            let named = |outer: &&str| {
                let inner = name.strip_prefix(*outer)?.strip_prefix('_')?;
                self.0.get(&format!("{outer}.{inner}"))
            };
            NESTED.iter().find_map(named)
        };
        // Flattened by a spreadsheet, a second column of the same name gets a number.
        let second = || (name == "project_labels").then(|| self.0.get("labels_1")).flatten();
        self.0.get(name).or_else(dotted).or_else(second)
    }
}

/// A value as text; nothing where it is unknown or empty.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        other => Some(other.to_string()),
    }
}
