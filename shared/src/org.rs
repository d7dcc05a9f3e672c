//! Organization slugs, environments and dataset names: the only makers of all three.

use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

/// Slugs that are taken by routes and folders, in any case.
pub const RESERVED: [&str; 8] =
    ["run", "runs", "onboard", "dryrun", "trigger", "queue", "organizations", "admin"];

/// The name of an organization: 3 to 50 of `a-z`, `A-Z`, `0-9` and `_`, not beginning with `_`
/// (BigQuery hides such datasets), none of [`RESERVED`].
///
/// Two slugs that differ only in case are the same slug. A value of this type is always safe to
/// put in an identifier.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgSlug(String);

impl OrgSlug {
    /// Checks a slug.
    ///
    /// # Errors
    ///
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !(3..=50).contains(&text.len()) || !text.chars().all(allowed) || text.starts_with('_') {
            return Err(SlugError::Form);
        }
        if RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text)) {
            return Err(SlugError::Reserved(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In lowercase: what documents and datasets are named after.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The organization's dataset: `{slug in lowercase}_{env}`.
    #[must_use]
    pub fn dataset(&self, env: Env) -> String {
        format!("{}_{env}", self.key())
    }
}

/// Why a text is no slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// Wrong length or characters.
    #[error(
        "an organization slug is 3 to 50 letters (a-z, A-Z), digits or `_`, not beginning with `_`"
    )]
    Form,
    /// One of [`RESERVED`].
    #[error("`{0}` is reserved, please choose another slug")]
    Reserved(String),
}

impl PartialEq for OrgSlug {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for OrgSlug {}

impl Hash for OrgSlug {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Display for OrgSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for OrgSlug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for OrgSlug {
    type Error = SlugError;

    fn try_from(text: String) -> Result<Self, SlugError> {
        Self::parse(&text)
    }
}

impl From<OrgSlug> for String {
    fn from(slug: OrgSlug) -> Self {
        slug.0
    }
}

/// Which deployment this is, from `ENVIRONMENT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Env {
    /// `ENVIRONMENT=production`
    Prod,
    /// `ENVIRONMENT=staging`
    Stage,
    /// `ENVIRONMENT=development`, the default
    Local,
}

impl Env {
    /// The suffix of dataset names: `prod`, `stage` or `local`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prod => "prod",
            Self::Stage => "stage",
            Self::Local => "local",
        }
    }

    /// The value of `ENVIRONMENT` that means this.
    #[must_use]
    pub fn environment(self) -> &'static str {
        match self {
            Self::Prod => "production",
            Self::Stage => "staging",
            Self::Local => "development",
        }
    }
}

impl fmt::Display for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl FromStr for Env {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Prod, Self::Stage, Self::Local]
            .into_iter()
            .find(|env| env.environment() == text)
            .ok_or_else(|| "it is `production`, `staging` or `development`".to_owned())
    }
}
