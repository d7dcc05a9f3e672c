//! How far rows in the warehouse are as FOCUS says, asked in one query, and one more for each rule
//! over several rows.

use std::{collections::BTreeSet, fmt::Write as _};

use anyhow::Context as _;
use arrow::{
    array::{AsArray as _, RecordBatch},
    datatypes::Int64Type,
};
use serde::Serialize;

use super::{Level, Model, ModelColumn, OfficialRule};
use crate::warehouse::Answer;

/// A rule that some rows break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable name of the rule, as in `never_null` or, of FOCUS's own numbers, `RegionName-C-005`.
    pub rule: String,
    /// The column.
    pub column: String,
    /// How many rows break it; of a rule over several rows, how many values of the column.
    pub failed_rows: u64,
    /// What the rule says.
    pub message: String,
}

/// One rule: rows for which the condition holds break it.
struct Rule {
    name: String,
    column: String,
    condition: String,
    message: String,
    /// Whether it is none where no row has the column: the provider has no such thing.
    where_shown: bool,
}

/// The rules of FOCUS that can be told from rows.
pub struct Conformance {
    rules: Vec<Rule>,
    distinct: Vec<OfficialRule>,
}

/// The lines that keep a query within a source and range.
const WITHIN: &str = "filter x_source_id == $source\n\
     filter x_billing_month >= $first_month && x_billing_month <= $last_month\n\
     filter x_charge_date >= $first_day && x_charge_date < $end_day\n";

impl Conformance {
    /// All rules of the model.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let mut rules: Vec<_> = model.columns.iter().flat_map(of_column).collect();
        rules.push(subcategories(model));
        rules.push(in_billing_period());
        rules.extend(model.rules.iter().filter_map(|rule| official(model, rule)));
        let distinct = model.rules.iter().filter(|rule| rule.one.is_some());
        Self { rules, distinct: distinct.cloned().collect() }
    }

    /// The query over a `focus_*` table. Parameters: `$source`, `$first_month` and `$last_month`
    /// (both included), `$first_day`, `$end_day` (not included).
    #[must_use]
    pub fn prql(&self, table: &str) -> String {
        let mut prql = format!("from {table}\n{WITHIN}aggregate {{\n");
        // Writing to a string cannot fail.
        for (at, rule) in self.rules.iter().enumerate() {
            let _ = writeln!(prql, "  rule_{at} = count_where ({}),", rule.condition);
        }
        for column in self.shown() {
            let _ = writeln!(prql, "  shown_{column} = count_where ({column} != null),");
        }
        prql + "}\n"
    }

    /// The columns of which it matters whether any row has them.
    fn shown(&self) -> BTreeSet<&str> {
        let rules = self.rules.iter().filter(|rule| rule.where_shown);
        rules.map(|rule| rule.column.as_str()).collect()
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
            let failed_rows = count(batch, &format!("rule_{at}"))?;
            let shown = || count(batch, &format!("shown_{}", rule.column));
            if failed_rows > 0 && (!rule.where_shown || shown()? > 0) {
                let Rule { name, column, message, .. } = rule;
                let (rule, column, message) = (name.clone(), column.clone(), message.clone());
                findings.push(Finding { rule, column, failed_rows, message });
            }
        }
        Ok(findings)
    }

    /// The queries of the rules over several rows, with the same parameters: how many values of a
    /// column have several of another.
    #[must_use]
    pub fn distinct(&self, table: &str) -> Vec<(&OfficialRule, String)> {
        let query = |rule: &OfficialRule| {
            let (column, one) = (&rule.column, rule.one.as_deref().unwrap_or_default());
            format!(
                "from {table}\n{WITHIN}filter {column} != null && {one} != null\n\
                 group {{ {column}, {one} }} (aggregate {{ same = count this }})\n\
                 group {{ {column} }} (aggregate {{ several = count this }})\n\
                 filter several > 1\n\
                 aggregate {{ rows = count this }}\n"
            )
        };
        self.distinct.iter().map(|rule| (rule, query(rule))).collect()
    }
}

fn count(batch: &RecordBatch, name: &str) -> anyhow::Result<u64> {
    let column = batch.column_by_name(name).with_context(|| format!("{name} is missing"))?;
    let count = column.as_primitive_opt::<Int64Type>();
    Ok(count.with_context(|| format!("{name} is no count"))?.value(0).unsigned_abs())
}

fn of_column(column: &ModelColumn) -> Vec<Rule> {
    let name = &column.name;
    let mut rules = Vec::new();
    let mut rule = |rule: &str, condition, message, where_shown| {
        let (name, column) = (rule.to_owned(), name.clone());
        rules.push(Rule { name, column, condition, message, where_shown });
    };
    if column.never_null() {
        let where_shown = column.level != Level::Mandatory;
        let message = format!("{name} is never null in FOCUS");
        rule("never_null", format!("{name} == null"), message, where_shown);
    }
    if column.never_negative() {
        let message = format!("{name} is never negative in FOCUS");
        rule("never_negative", format!("{name} < 0"), message, false);
    }
    if !column.values.is_empty() {
        let known = column.values.iter().map(|value| format!("{name} != \"{value}\""));
        let known = known.collect::<Vec<_>>().join(" && ");
        let message = format!("{name} is one of {} in FOCUS", column.values.join(", "));
        rule("allowed_values", format!("{name} != null && {known}"), message, false);
    }
    rules
}

/// A rule with FOCUS's own number; none where it is not about one row.
fn official(model: &Model, rule: &OfficialRule) -> Option<Rule> {
    let mandatory = model.column(&rule.column).is_some_and(|it| it.level == Level::Mandatory);
    Some(Rule {
        name: rule.id.clone(),
        column: rule.column.clone(),
        condition: rule.breaks.clone()?,
        message: rule.says.clone(),
        where_shown: rule.missing && !mandatory,
    })
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
        name: "subcategory_of_category".to_owned(),
        column: "ServiceSubcategory".to_owned(),
        condition: format!("ServiceSubcategory != null && ServiceCategory != null && !({fits})"),
        message: "ServiceSubcategory is one of those of its ServiceCategory in FOCUS".to_owned(),
        where_shown: false,
    }
}

/// What follows of FOCUS's words on corrections, and has no number of its own there.
fn in_billing_period() -> Rule {
    Rule {
        name: "charge_in_billing_period".to_owned(),
        column: "ChargePeriodStart".to_owned(),
        condition: "ChargeClass == null && (ChargePeriodStart < BillingPeriodStart || ChargePeriodStart >= BillingPeriodEnd)".to_owned(),
        message: "a charge that corrects nothing begins within its billing period".to_owned(),
        where_shown: false,
    }
}
