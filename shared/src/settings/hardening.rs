//! What a hardened process needs before it may start: every reason at once.

use super::{Settings, serves_root, source::Source};
use crate::org::Env;

/// Notes every reason why the process may not start.
pub(super) fn check(settings: &Settings, source: &mut Source<'_>) {
    if source.switch("DISABLE_AUTH") == Some(true) {
        source.problem("DISABLE_AUTH", "there is no unauthenticated mode; unset it");
    }
    if !settings.environment.hardened {
        return;
    }
    if settings.environment.env == Env::Local && !source.is_bad("ENVIRONMENT") {
        source.problem(
            "ENVIRONMENT",
            "has to be `production` or `staging` on Cloud Run or with a cloud backend",
        );
    }
    if settings.limits.rate_limit_enabled != Some(true) {
        source.problem("RATE_LIMIT_ENABLED", "has to be `true` here");
    }
    if settings.sandbox.url.is_some() {
        source.problem("SANDBOX_URL", "made-up bills have no place here; unset it");
    }
    settings.backends.require_real(source);
    require_secrets(settings, source);
}

/// Nothing is made up in a hardened process.
fn require_secrets(settings: &Settings, source: &mut Source<'_>) {
    let root_missing = serves_root(settings.function) && source.text("CA_ROOT_API_KEY").is_none();
    if root_missing {
        source.problem("CA_ROOT_API_KEY", "has to be set, with at least 32 characters");
    }
    if source.text("HASH_KEY").is_none() {
        source.problem("HASH_KEY", "has to be set: API keys are hashed with it");
    }
}
