//! Costs as rows of `llm_costs_raw`.

use arrow::array::RecordBatch;
use jiff::{Timestamp, civil::Date};

use super::{Cost, UNATTRIBUTED, arrays::Arrays};

/// Who sends a bill, in its rows.
#[derive(Debug, Clone)]
pub(super) struct Biller {
    /// The provider.
    pub(super) id: &'static str,
    /// Its name for people.
    pub(super) name: &'static str,
    /// The account that is billed.
    pub(super) account: String,
}

/// Rows as a batch.
pub(super) fn batch(rows: &[Cost], by: &Biller, now: Timestamp) -> anyhow::Result<RecordBatch> {
    let days: Vec<Date> = rows.iter().map(|row| row.day).collect();
    made(told(Arrays::default(), rows), rows, by)
        .amounts("billed_amount", rows.iter().map(|row| Some(row.amount)))?
        .amounts("quantity", rows.iter().map(|row| row.quantity))?
        .days(&days, now)?
        .batch()
}

/// What the provider says.
fn told(arrays: Arrays, rows: &[Cost]) -> Arrays {
    let text = |values: fn(&Cost) -> Option<&str>| rows.iter().map(values);
    arrays
        .text("line_item", text(|row| Some(&row.line_item)))
        .text("project_id", text(|row| row.project.as_deref()))
        .text("api_key_id", text(|row| row.api_key.as_deref()))
        .text("model", text(|row| row.model.as_deref()))
        .text("token_type", text(|row| row.meter.as_deref()))
        .text("service_tier", text(|row| row.service_tier.as_deref()))
        .text("context_window", text(|row| row.context_window.as_deref()))
        .text("inference_geo", text(|row| row.geo.as_deref()))
        .text("charge_category", text(|row| Some(row.category)))
        .text("currency", text(|row| Some(&row.currency)))
        .text("quantity_unit", text(|row| row.unit.as_deref()))
        .text("x_fields", text(|row| Some(&row.fields)))
}

/// What follows from it.
fn made(arrays: Arrays, rows: &[Cost], by: &Biller) -> Arrays {
    let service = format!("{} API", by.name);
    let lone = |row: &Cost| (row.line_item == UNATTRIBUTED).then_some(UNATTRIBUTED);
    let same = |text| rows.iter().map(move |_| Some(text));
    let own = |arrays: Arrays, name, value: &dyn Fn(&Cost) -> Option<String>| {
        let values: Vec<_> = rows.iter().map(value).collect();
        arrays.text(name, values.iter().map(Option::as_deref))
    };
    let mut arrays = arrays
        .text("provider_name", same(by.name))
        .text("service_name", same(service.as_str()))
        .text("account_id", same(by.account.as_str()));
    arrays = own(arrays, "x_match", &Cost::matched_by);
    arrays = own(arrays, "sku_id", &|row| Some(row.sku(by.id)));
    arrays = own(arrays, "sku_price_id", &|row| row.sku_price(by.id));
    arrays = own(arrays, "x_details", &|row| Some(row.details()));
    arrays = own(arrays, "x_tags", &|row| Some(row.tags(lone(row))));
    own(arrays, "x_tags_unattributed", &|row| Some(row.tags(Some(UNATTRIBUTED))))
}
