//! Which columns a caller may name. Nothing else ever becomes part of a query's text.

use std::sync::Arc;

use crate::{
    focus::{DroppedColumn, Model, Version},
    warehouse::{ColumnType, Field},
};

/// What the daily sums are grouped by beside the day.
pub const DAILY: [&str; 17] = [
    "x_source_id",
    "x_billing_month",
    "BillingCurrency",
    "BillingAccountId",
    "BillingAccountName",
    "SubAccountId",
    "SubAccountName",
    "ServiceProviderName",
    "InvoiceIssuerName",
    "ServiceCategory",
    "ServiceName",
    "RegionId",
    "RegionName",
    "ChargeCategory",
    "ChargeClass",
    "PricingCategory",
    "CommitmentDiscountType",
];

/// The columns of FOCUS rows.
#[derive(Debug, Clone)]
pub struct Columns {
    model: Arc<Model>,
}

impl Columns {
    /// Those of the model.
    #[must_use]
    pub fn new(model: Arc<Model>) -> Self {
        Self { model }
    }

    /// All of them, in order.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.model.schema.fields
    }

    /// Whether a version of FOCUS has a column.
    pub(super) fn has(&self, name: &str, version: Version) -> bool {
        self.model.column(name).is_some_and(|column| column.since <= version)
    }

    /// The columns of a version that we keep no more.
    pub(super) fn dropped(&self, version: Version) -> impl Iterator<Item = &DroppedColumn> {
        let dropped = self.model.dropped.iter();
        dropped.filter(move |column| (column.since..=column.until).contains(&version))
    }

    /// Whether a column's text is JSON: such are shown and exported, but neither grouped nor
    /// filtered.
    #[must_use]
    pub fn is_json(&self, name: &str) -> bool {
        name == "x_extra" || self.model.column(name).is_some_and(|column| column.json)
    }

    /// The column of a name, written exactly so, if it may be grouped and filtered by.
    #[must_use]
    pub fn dimension(&self, name: &str) -> Option<&Field> {
        self.fields().iter().find(|field| field.name == name && self.is_dimension(field))
    }

    /// The names of all columns that may be grouped and filtered by.
    pub fn dimensions(&self) -> impl Iterator<Item = &str> {
        let named = self.fields().iter().filter(|field| self.is_dimension(field));
        named.map(|field| field.name.as_str())
    }

    fn is_dimension(&self, field: &Field) -> bool {
        let kind = matches!(field.kind, ColumnType::String | ColumnType::Date);
        kind && field.name != "x_run_id" && !self.is_json(&field.name)
    }
}

/// Whether the daily sums have a column.
#[must_use]
pub(super) fn in_daily(name: &str) -> bool {
    name == "x_charge_date" || DAILY.contains(&name)
}
