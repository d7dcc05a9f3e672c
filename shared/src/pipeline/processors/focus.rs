//! `focus`: a FOCUS file of any version into FOCUS rows.

use crate::pipeline::{
    config::{At, Fields, Problems},
    plan::Check,
};

/// The settings of `focus`.
#[derive(Debug, Clone)]
pub struct Focus {
    /// The table of FOCUS rows.
    pub into: At<String>,
}

impl Focus {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Self> {
        Some(Self { into: fields.text("into", problems)? })
    }

    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.focus_table(&self.into);
    }
}
