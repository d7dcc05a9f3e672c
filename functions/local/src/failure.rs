//! Why a command did not do what it was asked to, what to do about it, and its exit code.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::client::Refusal;

/// Something went wrong, or the server refused.
const FAILED: u8 = 1;
/// The run ended, but not as COMPLETED.
const RUN_FAILED: u8 = 3;

/// The result of a command.
pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The server refused.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// A run ended badly; what there is to say has been said.
    #[error("the run ended {0}")]
    Run(String),
    /// Configs have mistakes, which have been said.
    #[error("the configs are not good: {0} to mend")]
    Mistakes(usize),
    /// Something else, with advice.
    #[error("{message}")]
    Advice {
        /// What is wrong.
        message: String,
        /// What to type, or to do.
        advice: String,
    },
    /// Something else.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl Failure {
    /// A failure whose cure is known.
    pub(crate) fn advice(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Advice { message: message.into(), advice: advice.into() }
    }

    /// What the process answers with.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Run(_) => RUN_FAILED,
            _ => FAILED,
        })
    }

    /// The failure for a program, in the shape of the server's refusals.
    pub(crate) fn json(&self) -> Value {
        let lines = self.lines();
        let message = lines.first().cloned().unwrap_or_default();
        match self {
            Self::Refused(refusal) => refusal.json(),
            Self::Run(_) => json!({ "error": "run_failed", "message": message }),
            Self::Mistakes(_) => json!({ "error": "mistakes", "message": message }),
            Self::Advice { advice, .. } => {
                json!({ "error": "failed", "message": message, "advice": advice })
            }
            Self::Other(_) => json!({ "error": "failed", "message": lines.join(": ") }),
        }
    }

    /// The lines for a person, most important first.
    pub(crate) fn lines(&self) -> Vec<String> {
        match self {
            Self::Refused(refusal) => refusal.lines(),
            Self::Run(_) | Self::Mistakes(_) => vec![self.to_string()],
            Self::Advice { message, advice } => vec![message.clone(), format!("try: {advice}")],
            Self::Other(cause) => cause.chain().map(ToString::to_string).collect(),
        }
    }
}
