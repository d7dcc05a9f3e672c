//! The fields that a connection takes, and the form each must have.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::InputPrefix;

/// What a field's text must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// 1 to 4,096 characters without control characters.
    Text,
    /// 8 to 512 printable characters of ASCII, without spaces.
    ApiKey,
    /// A folder on the server: see [`InputPrefix`].
    InputPrefix,
    /// Three groups of six: `01ABCD-2345EF-67890A`.
    GcpBillingAccount,
}

impl Form {
    /// What is wrong with a text, and what would be right; `None` when nothing is.
    #[must_use]
    pub fn mistake(self, text: &str) -> Option<String> {
        match self {
            Self::Text => text_mistake(text),
            Self::ApiKey => key_mistake(text),
            Self::InputPrefix => InputPrefix::parse(text).err(),
            Self::GcpBillingAccount if is_billing_account(text) => None,
            Self::GcpBillingAccount => Some(
                "a billing account id is three groups of six, as in 01ABCD-2345EF-67890A"
                    .to_owned(),
            ),
        }
    }
}

/// One field of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in requests.
    pub name: String,
    /// Its name for people.
    pub label: String,
    /// What to put there, in one or two sentences.
    pub description: String,
    /// What its text must look like.
    pub form: Form,
    /// Whether a connection needs it.
    pub required: bool,
    /// Whether it is sealed and never shown again.
    pub secret: bool,
    /// A text of the right form.
    pub example: String,
}

fn text_mistake(text: &str) -> Option<String> {
    let allowed = |c: char| !c.is_control() || c == '\n';
    let fits = (1..=4096).contains(&text.chars().count()) && text.chars().all(allowed);
    (!fits).then(|| "1 to 4096 characters, without control characters".to_owned())
}

fn key_mistake(text: &str) -> Option<String> {
    let fits = (8..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    (!fits).then(|| {
        "a key is one word of 8 to 512 characters; copy it whole, without spaces".to_owned()
    })
}

fn is_billing_account(text: &str) -> bool {
    let group = |part: &str| {
        part.len() == 6 && part.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
    };
    text.split('-').count() == 3 && text.split('-').all(group)
}
