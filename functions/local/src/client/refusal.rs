//! A refusal of the server, as a command shows it.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

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
    /// The body as it came.
    whole: Value,
}

impl Refusal {
    /// Reads an answer that is no success.
    pub(crate) fn read(status: StatusCode, body: &[u8]) -> Self {
        let whole: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut body = Body::deserialize(&whole).unwrap_or_default();
        if body.message.is_empty() {
            body.message = format!("the server answered {status}");
        }
        Self { status, body, whole }
    }

    /// The refusal for a program: as the server said it, where it did.
    pub(crate) fn json(&self) -> Value {
        match &self.whole {
            Value::Null => json!({ "error": "refused", "message": self.body.message }),
            whole => whole.clone(),
        }
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
                false if detail.field.is_empty() => lines.push(detail.message.clone()),
                false => lines.push(format!("{}: {}", detail.field, detail.message)),
            }
        }
        if details.iter().any(|detail| detail.field == "input") {
            lines.push("try: --input FILE, with a file of this machine".to_owned());
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
