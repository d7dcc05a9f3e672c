//! A refusal of the server, as a command shows it.

use http::StatusCode;
use serde::Deserialize;

/// The body of every refusal.
#[derive(Debug, Default, Deserialize)]
struct Body {
    #[serde(default)]
    message: String,
    #[serde(default)]
    error_id: String,
    #[serde(default)]
    details: Vec<Detail>,
}

#[derive(Debug, Deserialize)]
struct Detail {
    field: String,
    message: String,
}

/// What the server said instead of doing it.
#[derive(Debug, thiserror::Error)]
#[error("{}", .body.message)]
pub(crate) struct Refusal {
    /// Its HTTP status.
    pub(crate) status: StatusCode,
    body: Body,
}

impl Refusal {
    /// Reads an answer that is no success.
    pub(crate) fn read(status: StatusCode, body: &[u8]) -> Self {
        let mut body: Body = serde_json::from_slice(body).unwrap_or_default();
        if body.message.is_empty() {
            body.message = format!("the server answered {status}");
        }
        Self { status, body }
    }

    /// The lines for a person, most important first.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.body.message.clone()];
        let details = &self.body.details;
        let alone = |detail: &Detail| details.len() == 1 && detail.message == self.body.message;
        for detail in details {
            match alone(detail) {
                true if detail.field.is_empty() => {}
                true => lines.push(format!("in {}", detail.field)),
                false => lines.push(format!("{}: {}", detail.field, detail.message)),
            }
        }
        if self.status == StatusCode::UNAUTHORIZED {
            lines.push("try: convergence onboard ORG, or set CONVERGENCE_API_KEY".to_owned());
        }
        if !self.body.error_id.is_empty() {
            lines.push(format!("{} · error_id {}", self.status, self.body.error_id));
        }
        lines
    }
}
