//! Jobs of Cloud Run.

use async_trait::async_trait;
use serde_json::json;
use uuid::Uuid;

use super::{Identity, Rest};
use crate::{org::OrgSlug, runs::ImportJob, settings};

/// The job that does one large import.
///
/// <https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs/run>
#[derive(Debug)]
pub struct CloudRunJob {
    rest: Rest,
    job: settings::ImportJob,
}

impl CloudRunJob {
    /// Names the job; nothing is asked of the service yet.
    #[must_use]
    pub fn new(job: settings::ImportJob, identity: &Identity) -> Self {
        let access = identity.access_to(job.emulator.clone());
        Self { rest: Rest::new("https://run.googleapis.com", access), job }
    }
}

#[async_trait]
impl ImportJob for CloudRunJob {
    /// One task: an import is one stream. What the job's own arguments are does not count.
    async fn start(&self, org: &OrgSlug, run_id: Uuid) -> anyhow::Result<()> {
        let body = json!({
            "overrides": {
                "containerOverrides": [{ "args": ["import", org, run_id] }],
                "taskCount": 1,
                "timeout": format!("{}s", self.job.timeout.as_secs()),
            }
        });
        self.rest.post(&format!("/v2/{}:run", self.job.name), &body).await?;
        Ok(())
    }
}
