//! What credentials are checked against.

use std::str::FromStr;

use super::{environment::Environment, source::Source, table::Setting};
use crate::auth::{Peppers, RootKey};

pub(super) const TABLE: &[Setting] = &[
    Setting::new(
        "CA_ROOT_API_KEY",
        "made in development: `root.key`",
        "The root key, at least 32 characters; only where a function serves its routes",
    ),
    Setting::new(
        "HASH_KEY",
        "made in development: `hash.key`",
        "What API keys are hashed with: `{version}:{secret}` items, separated by commas; the highest version hashes new keys, the others still verify",
    ),
    Setting::new(
        "OIDC_AUDIENCE",
        "",
        "`aud` of service accounts' tokens where the queue is not `local:`: the address of this service",
    ),
    Setting::new("OIDC_ISSUER", "https://accounts.google.com", "`iss` of service accounts' tokens"),
    Setting::new(
        "OIDC_JWKS_URL",
        "https://www.googleapis.com/oauth2/v3/certs",
        "Where the issuer's keys are",
    ),
    Setting::new(
        "OIDC_SIGNATURE",
        "verify",
        "`verify`, or `removed-by-cloud-run` on a service whose callers IAM checks: Cloud Run verifies their tokens and removes the signature, so a token without it is judged by its claims",
    ),
    Setting::new("OIDC_PUSH_EMAIL", "", "The service account that delivers messages"),
    Setting::new("OIDC_SCHEDULER_EMAIL", "", "The service account that triggers what is due"),
];

/// What credentials are checked against.
#[derive(Debug, Clone)]
pub struct Auth {
    /// Whether this function serves routes of the root key.
    pub serves_root: bool,
    /// The root key; in development the one of the key file unless it is set.
    pub root_key: Option<RootKey>,
    /// What API keys are hashed with; in development those of the key file unless they are set.
    pub peppers: Option<Peppers>,
    /// Who signs tokens of service accounts, where the queue is not embedded.
    pub oidc: Option<Oidc>,
    /// Whether what is missing is made on the first start.
    pub make_missing: bool,
}

/// The issuer of service accounts' tokens.
#[derive(Debug, Clone)]
pub struct Oidc {
    /// `iss` of its tokens.
    pub issuer: String,
    /// `aud` of its tokens.
    pub audience: String,
    /// Where its keys are.
    pub jwks_url: String,
    /// Who checks their signatures.
    pub signature: Signature,
    /// The account that delivers messages.
    pub push: Option<String>,
    /// The account that triggers what is due.
    pub schedule: Option<String>,
}

/// Who checks the signature of a service account's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// We do, of every token.
    Verify,
    /// Cloud Run did where it is gone; we do where it is there.
    RemovedByCloudRun,
}

impl FromStr for Signature {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "verify" => Ok(Self::Verify),
            "removed-by-cloud-run" => Ok(Self::RemovedByCloudRun),
            _ => Err("it is `verify` or `removed-by-cloud-run`"),
        }
    }
}

impl Auth {
    pub(super) fn read(
        source: &mut Source<'_>,
        environment: &Environment,
        serves_root: bool,
    ) -> Self {
        let root = source.text("CA_ROOT_API_KEY").filter(|_| serves_root).map(RootKey::new);
        let peppers = source.text("HASH_KEY").map(Peppers::parse);
        Self {
            serves_root,
            root_key: root.and_then(|root| source.take("CA_ROOT_API_KEY", root)),
            peppers: peppers.and_then(|peppers| source.take("HASH_KEY", peppers)),
            oidc: Oidc::read(source, environment),
            make_missing: !environment.hardened,
        }
    }
}

impl Oidc {
    fn read(source: &mut Source<'_>, environment: &Environment) -> Option<Self> {
        let signature = source.value("OIDC_SIGNATURE", Signature::Verify);
        if signature == Signature::RemovedByCloudRun && environment.cloud_run.service.is_none() {
            source.problem("OIDC_SIGNATURE", "only Cloud Run removes signatures; unset it");
        }
        let text = |name: &str| source.text(name).map(ToOwned::to_owned);
        let or = |name: &str, default: &str| text(name).unwrap_or_else(|| default.to_owned());
        let (push, schedule) = (text("OIDC_PUSH_EMAIL"), text("OIDC_SCHEDULER_EMAIL"));
        let issuer = or("OIDC_ISSUER", "https://accounts.google.com");
        let jwks_url = or("OIDC_JWKS_URL", "https://www.googleapis.com/oauth2/v3/certs");
        let Some(audience) = text("OIDC_AUDIENCE") else {
            if push.is_some() || schedule.is_some() {
                source.problem("OIDC_AUDIENCE", "has to be set where a service account is named");
            }
            return None;
        };
        Some(Self { issuer, audience, jwks_url, signature, push, schedule })
    }
}
