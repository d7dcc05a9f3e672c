//! `transform`: a PRQL query over the organization's tables into one of them.

use crate::pipeline::{
    config::{At, Fields, Problems},
    plan::Check,
};

/// The settings of `transform`.
#[derive(Debug, Clone)]
pub struct Transform {
    /// The query's file, beside the pipeline's.
    pub prql: At<String>,
    /// The table its rows go to.
    pub into: At<String>,
}

impl Transform {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Self> {
        let prql = fields.text("prql", problems);
        let into = fields.text("into", problems);
        Some(Self { prql: prql?, into: into? })
    }

    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.table(&self.into);
        check.query(&self.prql);
    }
}
