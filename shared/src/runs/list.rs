//! Listing runs.

use uuid::Uuid;

use super::{Run, RunStatus, Runs};
use crate::{
    Result,
    org::OrgSlug,
    store::{Collection, List, Owner, PageRequest},
};

/// Which runs of an organization.
#[derive(Debug, Clone, Default)]
pub struct RunsFilter {
    /// Only those that are there.
    pub status: Option<RunStatus>,
    /// Only those of this pipeline.
    pub pipeline: Option<String>,
    /// The windows of this backfill; without it, runs that are no window.
    pub parent: Option<Uuid>,
}

impl Runs {
    /// Runs, newest first, and where the next page begins.
    ///
    /// # Errors
    ///
    /// As the store.
    pub async fn list(
        &self,
        org: &OrgSlug,
        filter: &RunsFilter,
        page: PageRequest,
    ) -> Result<(Vec<Run>, Option<String>)> {
        let parent = filter.parent.map_or_else(|| Run::NO_PARENT.to_owned(), |id| id.to_string());
        let mut filters = vec![("parent", parent)];
        filters.extend(filter.status.map(|status| ("status", status.as_str().to_owned())));
        filters.extend(filter.pipeline.clone().map(|pipeline| ("pipeline", pipeline)));
        let owner = Some(Owner::Org(org.clone()));
        let list = List { collection: Collection::Runs, owner, filters, page };
        let page = self.store.list(&list).await?;
        let next = page.next.clone();
        let now = self.clock.now();
        let live = |run: &Run| run.ended_at.is_none_or(|end| end + Run::KEPT > now);
        let runs = page.read::<Run>()?.into_iter().map(|held| held.value).filter(live);
        Ok((runs.collect(), next))
    }
}
