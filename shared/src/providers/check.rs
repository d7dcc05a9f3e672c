//! How a connection is proved: one arm per kind of provider.

use std::{io::ErrorKind, path::Path, time::Duration};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Fields, InputPrefix, Reach};
use crate::{llm, org::OrgSlug};

/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What proves that a connection works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The folder `input_prefix` exists and can be listed.
    InputPrefix,
    /// The key `admin_key` lets us read a day of an LLM source's costs.
    LlmAdminKey,
    /// There is nothing to prove: what it brings in was handed to us.
    Nothing,
}

/// What is asked of the other side.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Whose connection it is.
    pub org: &'a OrgSlug,
    /// To which provider.
    pub provider: &'a str,
    /// What it consists of; each field has the right form.
    pub fields: &'a Fields,
    /// What the other side is reached with.
    pub reach: &'a Reach,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It works.
    Valid,
    /// It does not, and will not until somebody changes something; why, for the caller.
    Invalid(String),
    /// The other side did not answer, so nothing is known; why, for the caller.
    Unknown(String),
}

impl Check {
    /// Asks the other side.
    pub async fn run(self, question: &Question<'_>) -> Outcome {
        let checked = async {
            match self {
                Self::InputPrefix => folder_can_be_read(question.fields.get("input_prefix")).await,
                Self::Nothing => Outcome::Valid,
                Self::LlmAdminKey => llm::prove(question).await,
            }
        };
        tokio::time::timeout(PATIENCE, checked).await.unwrap_or_else(|_| {
            Outcome::Unknown(format!("no answer within {} seconds", PATIENCE.as_secs()))
        })
    }
}

async fn folder_can_be_read(prefix: Option<&str>) -> Outcome {
    let Some(Ok(prefix)) = prefix.map(InputPrefix::parse) else {
        return Outcome::Invalid("input_prefix is missing".to_owned());
    };
    let folder = prefix.folder();
    match tokio::fs::read_dir(&folder).await {
        Ok(_) => Outcome::Valid,
        Err(error) => refused(&folder, &error),
    }
}

fn refused(folder: &Path, error: &std::io::Error) -> Outcome {
    let folder = folder.display();
    match error.kind() {
        ErrorKind::NotFound => Outcome::Invalid(format!("{folder} does not exist")),
        ErrorKind::NotADirectory => Outcome::Invalid(format!("{folder} is not a folder")),
        ErrorKind::PermissionDenied => Outcome::Invalid(format!("{folder} may not be read by us")),
        other => Outcome::Unknown(format!("{folder} cannot be read now: {other}")),
    }
}
