//! The subscriptions that there are.

use super::{SubscriptionView, Subscriptions};
use crate::{
    Result,
    entities::SaasSubscription,
    http::ListBody,
    org::OrgSlug,
    store::{Collection, List, Owner, PageRequest},
};

impl Subscriptions {
    /// A page of those of a provider, newest first.
    ///
    /// # Errors
    ///
    /// 404 where there is no such provider.
    pub async fn list(
        &self,
        org: &OrgSlug,
        provider: &str,
        page: PageRequest,
    ) -> Result<ListBody<SubscriptionView>> {
        let provider = self.providers.find(provider)?;
        let list = List {
            collection: Collection::SaasSubscriptions,
            owner: Some(Owner::Org(org.clone())),
            filters: vec![("provider", provider.id.clone())],
            page,
        };
        let page = self.store.list(&list).await?;
        let next = page.next.clone();
        let (held, today) = (page.read::<SaasSubscription>()?, self.today());
        let views = held.iter().map(|held| SubscriptionView::new(&held.value, today)).collect();
        Ok(ListBody::new(views, next))
    }
}
