//! `focus`: a FOCUS file of any version into FOCUS rows.

use std::path::Path;

use crate::{
    ingest::{FocusReader, Options},
    pipeline::{
        config::{At, Fields, Problems},
        engine::{Replaces, StepContext, StepError},
        plan::Check,
    },
    runs::StepStatus,
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

    /// Loads the file as rows of the FOCUS version that we keep. A file says all there is of its
    /// billing months.
    pub(super) async fn run(&self, context: &StepContext<'_>) -> Result<StepStatus, StepError> {
        let model = context.engine.model.clone();
        let options = Options { version: context.job.focus_version, ..Options::default() };
        let open = move |path: &Path| FocusReader::open(path, &model, options);
        context.read_file(Replaces::Months, open).await
    }
}
