//! Which columns a caller may name. Nothing else ever becomes part of a query's text.

use std::sync::Arc;

use anyhow::Context as _;

use crate::{
    configs::Configs,
    warehouse::{ColumnType, Field, TableSchema},
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

/// Columns whose text is JSON: they are shown and exported, but neither grouped nor filtered.
pub const JSON: [&str; 7] = [
    "AllocatedMethodDetails",
    "AllocatedTags",
    "CommitmentProgramEligibilityDetails",
    "ContractApplied",
    "SkuPriceDetails",
    "Tags",
    "x_extra",
];

/// The columns of FOCUS rows, from `configs/setup/organization/focus.json`.
#[derive(Debug, Clone)]
pub struct Columns {
    fields: Arc<[Field]>,
}

impl Columns {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// Fails where the file is missing or is no schema.
    pub fn read(configs: &Configs) -> anyhow::Result<Self> {
        let path = "setup/organization/focus.json";
        let text = configs.get(path).with_context(|| format!("{path} is missing"))?;
        let schema: TableSchema =
            serde_json::from_str(text).with_context(|| format!("{path} is no schema"))?;
        Ok(Self { fields: schema.fields.into() })
    }

    /// All of them, in order.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The column of a name, written exactly so, if it may be grouped and filtered by.
    #[must_use]
    pub fn dimension(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name && is_dimension(field))
    }

    /// The names of all columns that may be grouped and filtered by.
    pub fn dimensions(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|field| is_dimension(field)).map(|field| field.name.as_str())
    }
}

fn is_dimension(field: &Field) -> bool {
    let kind = matches!(field.kind, ColumnType::String | ColumnType::Date);
    kind && !JSON.contains(&field.name.as_str()) && field.name != "x_run_id"
}

/// Whether the daily sums have a column.
#[must_use]
pub(super) fn in_daily(name: &str) -> bool {
    name == "x_charge_date" || DAILY.contains(&name)
}
