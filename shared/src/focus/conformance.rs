//! How far rows in the warehouse are as FOCUS says, asked in one query.

use std::fmt::Write as _;

use anyhow::Context as _;
use arrow::{array::AsArray as _, datatypes::Int64Type};
use serde::Serialize;

use super::{Level, Model, ModelColumn};
use crate::warehouse::Answer;

/// A rule that some rows break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable name of the rule, as in `never_null`.
    pub rule: &'static str,
    /// The column.
    pub column: String,
    /// How many rows break it.
    pub failed_rows: u64,
    /// What the rule says.
    pub message: String,
}

/// One rule: rows for which the condition holds break it.
struct Rule {
    name: &'static str,
    column: String,
    condition: String,
    message: String,
}

/// The rules of FOCUS that can be told from rows.
pub struct Conformance {
    rules: Vec<Rule>,
}

impl Conformance {
    /// All rules of the model.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let mut rules: Vec<_> = model.columns.iter().flat_map(of_column).collect();
        rules.push(subcategories(model));
        rules.extend(periods());
        Self { rules }
    }

    /// The query over a `focus_*` table. Parameters: `$source`, `$first_month` and `$last_month`
    /// (both included), `$first_day`, `$end_day` (not included).
    #[must_use]
    pub fn prql(&self, table: &str) -> String {
        let mut prql = format!(
            "from {table}\n\
             filter x_source_id == $source\n\
             filter x_billing_month >= $first_month && x_billing_month <= $last_month\n\
             filter x_charge_date >= $first_day && x_charge_date < $end_day\n\
             aggregate {{\n"
        );
        for (at, rule) in self.rules.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = writeln!(prql, "  rule_{at} = count_where ({}),", rule.condition);
        }
        prql + "}\n"
    }

    /// The rules that some rows break.
    ///
    /// # Errors
    ///
    /// Fails where the answer is not one of this query.
    pub fn read(&self, answer: &Answer) -> anyhow::Result<Vec<Finding>> {
        let batch = answer.batches.iter().find(|batch| batch.num_rows() == 1).context("no row")?;
        let mut findings = Vec::new();
        for (at, rule) in self.rules.iter().enumerate() {
            let column =
                batch.column_by_name(&format!("rule_{at}")).context("a rule is missing")?;
            let count = column.as_primitive_opt::<Int64Type>().context("a rule has no count")?;
            let failed_rows = count.value(0).unsigned_abs();
            if failed_rows > 0 {
                let (column, message) = (rule.column.clone(), rule.message.clone());
                findings.push(Finding { rule: rule.name, column, failed_rows, message });
            }
        }
        Ok(findings)
    }
}

fn of_column(column: &ModelColumn) -> Vec<Rule> {
    let name = &column.name;
    let mut rules = Vec::new();
    let mut rule = |rule, condition, message| {
        rules.push(Rule { name: rule, column: name.clone(), condition, message });
    };
    // A conditional column that is absent says that the provider has no such thing.
    if column.never_null() && column.level == Level::Mandatory {
        rule("never_null", format!("{name} == null"), format!("{name} is never null in FOCUS"));
    }
    if column.never_negative() {
        rule("never_negative", format!("{name} < 0"), format!("{name} is never negative in FOCUS"));
    }
    if !column.values.is_empty() {
        let known = column.values.iter().map(|value| format!("{name} != \"{value}\""));
        let known = known.collect::<Vec<_>>().join(" && ");
        let message = format!("{name} is one of {} in FOCUS", column.values.join(", "));
        rule("allowed_values", format!("{name} != null && {known}"), message);
    }
    rules
}

/// Each subcategory belongs to one category.
fn subcategories(model: &Model) -> Rule {
    let fits = model.subcategories.iter().map(|(category, subcategories)| {
        let these = subcategories.iter().map(|name| format!("ServiceSubcategory == \"{name}\""));
        let these = these.collect::<Vec<_>>().join(" || ");
        format!("(ServiceCategory == \"{category}\" && ({these}))")
    });
    let fits = fits.collect::<Vec<_>>().join(" || ");
    Rule {
        name: "subcategory_of_category",
        column: "ServiceSubcategory".to_owned(),
        condition: format!("ServiceSubcategory != null && ServiceCategory != null && !({fits})"),
        message: "ServiceSubcategory is one of those of its ServiceCategory in FOCUS".to_owned(),
    }
}

/// Rules over the two periods of a charge.
fn periods() -> [Rule; 3] {
    let rule = |name, column: &str, condition: &str, message: &str| Rule {
        name,
        column: column.to_owned(),
        condition: condition.to_owned(),
        message: message.to_owned(),
    };
    [
        rule(
            "charge_in_billing_period",
            "ChargePeriodStart",
            "ChargeClass == null && (ChargePeriodStart < BillingPeriodStart || ChargePeriodStart >= BillingPeriodEnd)",
            "a charge that corrects nothing begins within its billing period",
        ),
        rule(
            "charge_period_in_order",
            "ChargePeriodEnd",
            "ChargePeriodEnd <= ChargePeriodStart",
            "ChargePeriodEnd is after ChargePeriodStart",
        ),
        rule(
            "billing_period_in_order",
            "BillingPeriodEnd",
            "BillingPeriodEnd <= BillingPeriodStart",
            "BillingPeriodEnd is after BillingPeriodStart",
        ),
    ]
}
