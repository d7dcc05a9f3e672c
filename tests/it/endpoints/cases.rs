//! Who may call which endpoint: one line each.

use convergence::entities::KeyScope::{
    self, CostsRead, IntegrationsRead, IntegrationsWrite, OrganizationRead, PipelinesRun,
};

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy)]
pub(super) enum Who {
    /// Everybody, without credentials.
    Anyone,
    /// The holder of the root key.
    Root,
    /// The service account that pushes messages.
    Push,
    /// The holder of the root key, or the scheduler's service account.
    RootOrScheduler,
    /// An owner, which is the holder of the root key too; no API key.
    Owner,
    /// The holder of an API key with any of these scopes, and whoever holds the root key.
    Key(&'static [KeyScope]),
}

use Who::{Anyone, Key, Owner, Push, Root, RootOrScheduler};

/// Method, path, and who may.
pub(super) type Case = (&'static str, &'static str, Who);

pub(super) const CASES: &[Case] = &[
    ("get", "/health", Anyone),
    ("get", "/health/ready", Anyone),
    ("post", "/api/v1/admin/bootstrap", Root),
    ("get", "/api/v1/admin/bootstrap", Root),
    ("get", "/api/v1/plans", Anyone),
    ("get", "/api/v1/providers", Anyone),
    ("get", "/api/v1/organizations", Root),
    ("post", "/api/v1/organizations/dryrun", Root),
    ("post", "/api/v1/organizations/onboard", Root),
    ("get", "/api/v1/organizations/{org}", Key(&[OrganizationRead])),
    ("patch", "/api/v1/organizations/{org}", Owner),
    ("put", "/api/v1/organizations/{org}/subscription", Root),
    ("post", "/api/v1/organizations/{org}/api-keys", Owner),
    ("get", "/api/v1/organizations/{org}/api-keys", Owner),
    ("delete", "/api/v1/organizations/{org}/api-keys/{key_id}", Owner),
    ("post", "/api/v1/organizations/{org}/api-keys/{key_id}/rotate", Owner),
    ("get", "/api/v1/organizations/{org}/audit", Owner),
    ("get", "/api/v1/integrations/{org}", Key(READ_INTEGRATIONS)),
    ("get", "/api/v1/integrations/{org}/{provider}", Key(READ_INTEGRATIONS)),
    ("delete", "/api/v1/integrations/{org}/{provider}", Key(&[IntegrationsWrite])),
    ("post", "/api/v1/integrations/{org}/{provider}/setup", Key(&[IntegrationsWrite])),
    ("post", "/api/v1/integrations/{org}/{provider}/validate", Key(&[IntegrationsWrite])),
    ("get", "/api/v1/integrations/{org}/{provider}/pricing", Key(READ_INTEGRATIONS)),
    ("post", "/api/v1/integrations/{org}/{provider}/pricing", Key(&[IntegrationsWrite])),
    ("put", "/api/v1/integrations/{org}/{provider}/pricing/{model}", Key(&[IntegrationsWrite])),
    ("delete", "/api/v1/integrations/{org}/{provider}/pricing/{model}", Key(&[IntegrationsWrite])),
    ("get", "/api/v1/saas-products", Anyone),
    ("get", "/api/v1/integrations/{org}/{provider}/subscriptions", Key(READ_INTEGRATIONS)),
    ("post", "/api/v1/integrations/{org}/{provider}/subscriptions", Key(&[IntegrationsWrite])),
    ("put", ONE_SUBSCRIPTION, Key(&[IntegrationsWrite])),
    ("delete", ONE_SUBSCRIPTION, Key(&[IntegrationsWrite])),
    ("post", "/api/v1/pipelines/run/{org}/{provider}/{pipeline}", Key(&[PipelinesRun])),
    ("post", "/api/v1/pipelines/run/{org}/{provider}/{domain}/{pipeline}", Key(&[PipelinesRun])),
    ("get", "/api/v1/pipelines/{org}/runs", Key(VIEW_RUNS)),
    ("get", "/api/v1/pipelines/{org}/runs/{run_id}", Key(VIEW_RUNS)),
    ("get", "/api/v1/pipelines/{org}/runs/{run_id}/events", Key(VIEW_RUNS)),
    ("get", "/api/v1/pipelines/{org}/runs/{run_id}/rejected-rows", Key(VIEW_RUNS)),
    ("post", "/api/v1/pipelines/{org}/runs/{run_id}/cancel", Key(&[PipelinesRun])),
    ("post", "/api/v1/pipelines/{org}/runs/{run_id}/retry", Key(&[PipelinesRun])),
    ("post", "/api/v1/pipelines/{org}/uploads", Key(&[PipelinesRun])),
    ("put", "/api/v1/pipelines/{org}/uploads/{upload_id}", Key(&[PipelinesRun])),
    ("get", "/api/v1/validator/pipelines", Anyone),
    ("post", "/api/v1/validator/pipelines/{org}/{provider}/{pipeline}", Key(&[PipelinesRun])),
    (
        "post",
        "/api/v1/validator/pipelines/{org}/{provider}/{domain}/{pipeline}",
        Key(&[PipelinesRun]),
    ),
    ("post", "/internal/pubsub/pipeline-runs", Push),
    ("post", "/internal/scheduler/sweep", RootOrScheduler),
    ("get", "/api/v1/scheduler/dead-letters", Root),
    ("post", "/api/v1/scheduler/dead-letters/{letter_id}/replay", Root),
    ("get", "/api/v1/costs/{org}/summary", Key(&[CostsRead])),
    ("get", "/api/v1/costs/{org}/timeseries", Key(&[CostsRead])),
    ("get", "/api/v1/costs/{org}/breakdown", Key(&[CostsRead])),
    ("get", "/api/v1/costs/{org}/line-items", Key(&[CostsRead])),
    ("get", "/api/v1/costs/{org}/export", Key(&[CostsRead])),
    ("get", "/api/v1/costs/{org}/quality", Key(&[CostsRead])),
];

const ONE_SUBSCRIPTION: &str =
    "/api/v1/integrations/{org}/{provider}/subscriptions/{subscription_id}";
const READ_INTEGRATIONS: &[KeyScope] = &[IntegrationsRead, IntegrationsWrite];
const VIEW_RUNS: &[KeyScope] = &[PipelinesRun, CostsRead];

/// Who may call an endpoint, if that is known.
pub(super) fn who(method: &str, path: &str) -> Option<Who> {
    CASES.iter().find(|case| case.0 == method && case.1 == path).map(|case| case.2)
}
