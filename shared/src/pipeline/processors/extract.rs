//! `extract`: a file, as it is, into a raw table.

use std::path::Path;

use crate::{
    ingest::{Limits, TableReader},
    pipeline::{
        config::{At, Fields, Problems},
        engine::{Dated, Days, Replaces, StepContext, StepError},
        plan::Check,
    },
    runs::StepStatus,
    warehouse::{ColumnType, Mode},
};

/// The settings of `extract`.
#[derive(Debug, Clone)]
pub struct Extract {
    /// The raw table.
    pub into: At<String>,
    /// The column that says which day a row is of.
    pub day: At<String>,
    /// The column that says which billing month it is of; by default the day's.
    pub month: Option<At<String>>,
}

impl Extract {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Self> {
        let into = fields.text("into", problems);
        let day = fields.text("day", problems);
        let month = fields.optional_text("month", problems);
        Some(Self { into: into?, day: day?, month })
    }

    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.table(&self.into);
        if !self.into.value.ends_with("_raw") {
            let message = format!("`{}` is no raw table: those end in `_raw`", self.into.value);
            check.problem(self.into.line, message);
        }
        self.check_day(check, &self.day, true);
        if let Some(month) = &self.month {
            self.check_day(check, month, false);
        }
    }

    /// The column must be there, tell a day, and never be null where no other can tell it.
    fn check_day(&self, check: &mut Check<'_>, column: &At<String>, required: bool) {
        let table = &self.into.value;
        check.column(table, column);
        let Some(schema) = check.tables.get(table) else { return };
        let Some(field) = schema.fields.iter().find(|field| field.name == column.value) else {
            return;
        };
        if !matches!(field.kind, ColumnType::Date | ColumnType::Timestamp) {
            let message = format!("`{}` tells no day: it is no DATE or TIMESTAMP", column.value);
            check.problem(column.line, message);
        }
        if required && field.mode != Mode::Required {
            let message = format!("`{}` must be REQUIRED: every row has a day", column.value);
            check.problem(column.line, message);
        }
    }

    /// Loads the file as it is. A file says all there is of the days that it has rows of.
    pub(super) async fn run(&self, context: &StepContext<'_>) -> Result<StepStatus, StepError> {
        let table = context.engine.tables.get(&self.into.value);
        let schema = table.ok_or_else(|| anyhow::anyhow!("no schema of `{}`", self.into.value))?;
        let days = Days {
            day: self.day.value.clone(),
            month: self.month.as_ref().map(|month| month.value.clone()),
            now: context.engine.clock.now(),
        };
        let open = move |path: &Path| {
            let reader = TableReader::open(path, &schema, Limits::default())?;
            Ok(Dated::new(reader, days))
        };
        context.read_file(Replaces::Days, open).await
    }
}
