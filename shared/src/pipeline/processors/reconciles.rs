//! The settings of the rule `reconciles`: where the provider's own amounts are.

use crate::{
    costs::Reconciliation,
    decimal::Decimal,
    pipeline::{
        config::{At, Fields, Problems},
        plan::Check,
    },
    warehouse::ColumnType,
};

/// What the raw table of a provider calls the currency, unless told.
const CURRENCY: &str = "currency";

/// Where the provider's own amounts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciles {
    /// The raw table.
    pub with: At<String>,
    /// Its columns of amounts, which are added; null counts as nothing.
    pub columns: Vec<At<String>>,
    /// Its column of the currency.
    pub currency: Option<At<String>>,
    /// Whether its amounts are hundredths.
    pub cents: bool,
    /// Its columns, and those of FOCUS that mean the same.
    pub by: Vec<(At<String>, At<String>)>,
    /// How far apart both may be.
    pub tolerance: Decimal,
}

impl Reconciles {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Self> {
        let mut fields = fields.mapping("reconciles", "rule `reconciles`", problems)?;
        let with = fields.text("with", problems);
        let columns = fields.texts("columns", problems);
        if columns.is_empty() {
            fields.missing("columns", problems);
        }
        let currency = fields.optional_text("currency", problems);
        let cents = fields.flag("cents", false, problems);
        let by = fields.mapping("by", "list of columns `by`", problems);
        let by = by.map_or_else(Vec::new, |by| by.pairs(problems));
        let tolerance = fields.text("tolerance", problems);
        fields.finish(problems);
        let tolerance = tolerance?;
        let Ok(amount) = tolerance.value.parse() else {
            problems.add(tolerance.line, "`tolerance` is an amount in quotes, as in \"0.01\"");
            return None;
        };
        Some(Self { with: with?, columns, currency, cents, by, tolerance: amount })
    }

    /// The raw table must have amounts in its columns, and say in which currency; what both tables
    /// are compared by must be texts or days.
    pub(super) fn check(&self, table: &At<String>, check: &mut Check<'_>) {
        check.table(&self.with);
        let currency = CURRENCY.to_owned();
        let currency =
            self.currency.clone().unwrap_or(At { line: self.with.line, value: currency });
        if kind(check, &self.with, &currency) != Some(ColumnType::String) {
            let (raw, name) = (&self.with.value, &currency.value);
            let message = format!("`{raw}` has no text column `{name}`, which is needed");
            check.problem(currency.line, message);
        }
        for column in &self.columns {
            check.column(&self.with.value, column);
            let not = kind(check, &self.with, column).filter(|it| *it != ColumnType::Bignumeric);
            if not.is_some() {
                let message = format!("`{}` is no amount: it is no BIGNUMERIC", column.value);
                check.problem(column.line, message);
            }
        }
        for (raw, focus) in &self.by {
            comparable(check, &self.with, raw);
            comparable(check, table, focus);
        }
    }

    /// As the costs of an organization are compared.
    #[must_use]
    pub fn of(&self, table: &str) -> Reconciliation {
        let named = |column: &At<String>| column.value.clone();
        Reconciliation {
            table: table.to_owned(),
            raw: named(&self.with),
            amounts: self.columns.iter().map(named).collect(),
            currency: self.currency.as_ref().map_or_else(|| CURRENCY.to_owned(), named),
            cents: self.cents,
            by: self.by.iter().map(|(raw, focus)| (named(raw), named(focus))).collect(),
            tolerance: self.tolerance,
        }
    }
}

/// The type of a column, where there are such.
fn kind(check: &Check<'_>, table: &At<String>, column: &At<String>) -> Option<ColumnType> {
    let fields = check.tables.get(&table.value)?.fields;
    fields.iter().find(|field| field.name == column.value).map(|field| field.kind)
}

/// The table must have the column, and its values must be texts or days.
fn comparable(check: &mut Check<'_>, table: &At<String>, column: &At<String>) {
    check.column(&table.value, column);
    let found = kind(check, table, column);
    if found.is_some_and(|it| !matches!(it, ColumnType::String | ColumnType::Date)) {
        let message =
            format!("`{}` is neither text nor day: nothing is grouped by it", column.value);
        check.problem(column.line, message);
    }
}
