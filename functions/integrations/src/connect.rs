//! Keeping a credential that was accepted.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Context as _;
use convergence::{
    Error, Result,
    audit::By,
    claims::Claim,
    connections::Change,
    entities::{Counters, Integration, IntegrationStatus, Subscription, next_version},
    org::OrgSlug,
    providers::{Fields, Provider},
    store::{Entity as _, Held, Owner, StoreExt as _, Write},
    vault::{Sealed, Secret},
};
use http::StatusCode;
use serde_json::Map;

use crate::{body::IntegrationBody, desk::Desk, fingerprint::fingerprint};

/// How often keeping is tried when somebody else changes the same documents.
const ATTEMPTS: usize = 5;
/// When to come back to a plan that has no room: nothing happens by itself, so not soon.
const LATER: Duration = Duration::from_hours(1);

/// A credential that its provider accepted.
pub(crate) struct Connection<'a> {
    pub(crate) org: &'a OrgSlug,
    pub(crate) provider: &'a Provider,
    pub(crate) name: &'a str,
    pub(crate) fields: &'a Fields,
}

impl Connection<'_> {
    /// Seals and keeps it, in one commit with what counts against the plan. Also says whether it
    /// is new.
    pub(crate) async fn keep(
        &self,
        desk: &Desk,
        by: By<'_>,
        claim: &Claim,
    ) -> Result<(Integration, bool)> {
        let secret = Secret::new(self.fields.to_bytes()?);
        let owner = Owner::Org(self.org.clone());
        let sealed = desk.vault.seal(&owner, (&self.provider.id, self.name), &secret).await?;
        let mut attempt = 1;
        loop {
            match self.try_to_keep(desk, by, claim, &sealed).await {
                Err(Error::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                kept => return kept,
            }
        }
    }

    async fn try_to_keep(
        &self,
        desk: &Desk,
        by: By<'_>,
        claim: &Claim,
        sealed: &Sealed,
    ) -> Result<(Integration, bool)> {
        let key = Integration::key(self.org, &self.provider.id, self.name);
        let old = desk.store.find::<Integration>(&key, desk.clock.now()).await?;
        let replaces = old.as_ref().map(|held| held.value.version);
        let integration = self.integration(desk, old.as_ref(), sealed)?;
        let mut writes = self.counted(desk, &integration).await?;
        writes.push(match old {
            None => integration.create(key)?,
            Some(held) => Held { value: integration.clone(), ..held }.replace()?,
        });
        let status = if replaces.is_none() { StatusCode::CREATED } else { StatusCode::OK };
        writes.extend(claim.done(status, &IntegrationBody::from(integration.clone())).await?);
        let action = "integration.setup";
        let change = Change { org: self.org, by, action, integration: &integration, replaces };
        change.commit(desk, writes).await?;
        Ok((integration, replaces.is_none()))
    }

    fn integration(
        &self,
        desk: &Desk,
        old: Option<&Held<Integration>>,
        sealed: &Sealed,
    ) -> Result<Integration> {
        let now = desk.clock.now();
        let old = old.map(|held| &held.value);
        let integration_id = old.map_or_else(|| desk.ids.new_id(), |old| old.integration_id);
        Ok(Integration {
            integration_id,
            provider: self.provider.id.clone(),
            name: self.name.to_owned(),
            status: IntegrationStatus::Valid,
            fingerprint: fingerprint(integration_id, self.fields)?,
            sealed: sealed.clone(),
            settings: self.settings(),
            created_at: old.map_or(now, |old| old.created_at),
            updated_at: now,
            last_checked_at: now,
            last_error: None,
            unanswered: 0,
            version: next_version(old.map_or(0, |old| old.version), now),
            other: old.map_or_else(Map::new, |old| old.other.clone()),
        })
    }

    /// The fields that the registry says are no secrets.
    fn settings(&self) -> BTreeMap<String, String> {
        let shown = self.provider.fields.iter().filter(|field| !field.secret);
        let text = |name: &String| Some((name.clone(), self.fields.get(name)?.to_owned()));
        shown.filter_map(|field| text(&field.name)).collect()
    }

    /// The write that counts it, if the plan has room for its provider.
    async fn counted(&self, desk: &Desk, integration: &Integration) -> Result<Vec<Write>> {
        let now = desk.clock.now();
        let counters = desk.store.find::<Counters>(&Counters::key(self.org), now).await?;
        let mut counters = counters.context("the organization has no counters")?;
        if !counters.value.sources.insert(integration.source_id()) {
            return Ok(Vec::new());
        }
        let plan = desk.store.find::<Subscription>(&Subscription::key(self.org), now).await?;
        let plan = plan.context("the organization has no plan")?.value;
        let used = u32::try_from(counters.value.providers()).unwrap_or(u32::MAX);
        if used > plan.limits.providers {
            return Err(Error::TooMany {
                message: format!(
                    "the plan `{}` allows {} connected providers; delete one, or change the plan",
                    plan.plan, plan.limits.providers
                ),
                retry_after: LATER,
            });
        }
        Ok(vec![counters.replace()?])
    }
}
