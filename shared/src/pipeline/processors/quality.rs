//! `quality`: rules that the rows of a table keep, or not.

use crate::{
    pipeline::{
        config::{At, Fields, Problems},
        engine::{Range, StepContext, StepError},
        plan::Check,
    },
    runs::StepStatus,
};

use super::{reconciles::Reconciles, rules};

/// The settings of `quality`.
#[derive(Debug, Clone)]
pub struct Quality {
    /// The table whose rows are looked at, as far as the run touched them.
    pub table: At<String>,
    /// What they should keep.
    pub rules: Vec<At<Rule>>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// These columns are never null.
    NotNull(Vec<At<String>>),
    /// There are at least so many rows.
    MinRows(i64),
    /// A column has none but these values, or null.
    Accepted {
        /// The column.
        column: At<String>,
        /// The values.
        values: Vec<String>,
    },
    /// The rows are as FOCUS says.
    FocusConformance,
    /// The billed cost of each currency is the sum of a raw table's columns, by month.
    Reconciles(Reconciles),
}

impl Rule {
    /// What rules are called.
    pub const NAMES: [&str; 5] =
        ["not_null", "min_rows", "accepted", "focus_conformance", "reconciles"];

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotNull(_) => "not_null",
            Self::MinRows(_) => "min_rows",
            Self::Accepted { .. } => "accepted",
            Self::FocusConformance => "focus_conformance",
            Self::Reconciles(_) => "reconciles",
        }
    }
}

impl Quality {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Self> {
        let table = fields.text("table", problems);
        let written = fields.mappings("rules", "rule", problems);
        if written.is_empty() {
            problems.add(fields.line, "a quality step has at least one rule");
        }
        let rules = written.into_iter().filter_map(|rule| read_rule(rule, problems)).collect();
        Some(Self { table: table?, rules })
    }

    pub(super) fn check(&self, check: &mut Check<'_>) {
        let of_focus =
            |rule: &At<Rule>| matches!(rule.value, Rule::FocusConformance | Rule::Reconciles(_));
        if self.rules.iter().any(of_focus) {
            check.focus_table(&self.table);
        } else {
            check.table(&self.table);
        }
        let mut columns = Vec::new();
        for rule in &self.rules {
            match &rule.value {
                Rule::NotNull(named) => columns.extend(named.iter()),
                Rule::Accepted { column, .. } => columns.push(column),
                Rule::Reconciles(it) => it.check(&self.table, check),
                Rule::MinRows(_) | Rule::FocusConformance => {}
            }
        }
        for column in columns {
            check.column(&self.table.value, column);
        }
    }
}

fn read_rule(mut fields: Fields, problems: &mut Problems) -> Option<At<Rule>> {
    let line = fields.line;
    let before = problems.count();
    let rule = read_not_null(&mut fields, problems)
        .or_else(|| read_min_rows(&mut fields, problems))
        .or_else(|| read_conformance(&mut fields, problems))
        .or_else(|| read_accepted(&mut fields, problems))
        .or_else(|| Reconciles::read(&mut fields, problems).map(Rule::Reconciles));
    if rule.is_none() && fields.is_empty() && problems.count() == before {
        problems.add(line, format!("a rule is one of {}", Rule::NAMES.join(", ")));
    }
    fields.finish(problems);
    Some(At { line, value: rule? })
}

fn read_not_null(fields: &mut Fields, problems: &mut Problems) -> Option<Rule> {
    let columns = fields.texts("not_null", problems);
    (!columns.is_empty()).then_some(Rule::NotNull(columns))
}

fn read_min_rows(fields: &mut Fields, problems: &mut Problems) -> Option<Rule> {
    let rows = fields.number("min_rows", 1..=i64::MAX, 0, problems);
    (rows > 0).then_some(Rule::MinRows(rows))
}

fn read_conformance(fields: &mut Fields, problems: &mut Problems) -> Option<Rule> {
    fields.flag("focus_conformance", false, problems).then_some(Rule::FocusConformance)
}

fn read_accepted(fields: &mut Fields, problems: &mut Problems) -> Option<Rule> {
    let mut fields = fields.mapping("accepted", "rule `accepted`", problems)?;
    let column = fields.text("column", problems);
    let values = fields.texts("values", problems).into_iter().map(|text| text.value).collect();
    fields.finish(problems);
    Some(Rule::Accepted { column: column?, values })
}

impl Quality {
    /// Checks every rule; one that is broken is a finding, not a failure.
    pub(super) async fn run(&self, context: &StepContext<'_>) -> Result<StepStatus, StepError> {
        let Some(range) = Range::covering(&context.touched_before()) else {
            return Ok(StepStatus::Skipped);
        };
        context.ensure_table(&self.table.value).await?;
        for rule in &self.rules {
            for check in rules::check(context, &self.table.value, &rule.value, &range).await? {
                context.checked(check);
            }
        }
        Ok(StepStatus::Completed)
    }
}
