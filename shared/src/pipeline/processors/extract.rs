//! `extract`: a file, as it is, into a raw table.

use crate::pipeline::{
    config::{At, Fields, Problems},
    plan::Check,
};

/// The forms of files that can be read.
const FORMATS: [&str; 3] = ["csv", "jsonl", "parquet"];

/// The settings of `extract`.
#[derive(Debug, Clone)]
pub struct Extract {
    /// The raw table.
    pub into: At<String>,
    /// The form of the file; by its name where absent.
    pub format: Option<At<String>>,
}

impl Extract {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Self> {
        let format = fields.optional_text("format", problems);
        let into = fields.text("into", problems)?;
        Some(Self { into, format })
    }

    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.table(&self.into);
        if !self.into.value.ends_with("_raw") {
            let message = format!("`{}` is no raw table: those end in `_raw`", self.into.value);
            check.problem(self.into.line, message);
        }
        if let Some(format) = &self.format
            && !FORMATS.contains(&format.value.as_str())
        {
            let message = format!("`format` is csv, jsonl or parquet, not `{}`", format.value);
            check.problem(format.line, message);
        }
    }
}
