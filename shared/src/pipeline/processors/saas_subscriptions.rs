//! `saas.subscriptions`: the lines of an organization's SaaS subscriptions as FOCUS rows.

use std::{ops::Range, sync::Arc};

use jiff::civil::Date;

use crate::{
    entities::SaasSubscription,
    pipeline::{
        config::{At, Fields, Problems},
        engine::{Replacing, StepContext, StepError},
        plan::Check,
    },
    runs::{Severity, StepStatus},
    saas::{self, Account, Charge},
    store::{Collection, List, Owner, PageRequest},
    warehouse::{Fixed, ScopePart},
};

/// How many subscriptions are read at once.
const PAGE: usize = 500;

/// The settings of `saas.subscriptions`.
#[derive(Debug, Clone)]
pub struct SaasSubscriptions {
    /// The table of FOCUS rows.
    pub into: At<String>,
}

impl SaasSubscriptions {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Self> {
        Some(Self { into: fields.text("into", problems)? })
    }

    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.focus_table(&self.into);
    }

    /// Writes the lines of the run's days anew: what the subscriptions now say of them, and nothing
    /// else.
    pub(super) async fn run(&self, context: &StepContext<'_>) -> Result<StepStatus, StepError> {
        check_source(context)?;
        let days = context.days()?;
        let ticket = context.begin(&self.into.value).await?;
        let subscriptions = all(context).await?;
        let lines = lines(&subscriptions, &days)?;
        let pairs: Vec<_> = lines.iter().map(|(account, charge)| (account, charge)).collect();
        let batch = saas::batch(&pairs)?;
        context.meter().add_rows(batch.num_rows() as u64);
        if lines.is_empty() {
            let message = "no subscription has a line in these days; what was there is gone";
            context.find(Severity::Warning, "no_rows", 0, message);
        }
        let job = context.job;
        let constants = [
            ("x_source_id", job.source.as_str().to_owned()),
            ("x_run_id", job.run_id.to_string()),
            ("x_focus_version", context.engine.model.version.to_string()),
        ];
        let rows = Arc::new(Fixed::new(batch.schema(), vec![batch]));
        let warehouse = &context.engine.warehouse;
        let staged = warehouse.stage(&job.dataset(), &self.into.value, rows, &constants).await?;
        let parts = vec![ScopePart { month: None, days: Some(days) }];
        context.replace(ticket, staged, Replacing { parts, ..Replacing::default() }).await
    }
}

/// There is one source of subscriptions: the same ones again under another name would count twice.
fn check_source(context: &StepContext<'_>) -> Result<(), StepError> {
    if context.job.source.as_str() == "saas/default" {
        return Ok(());
    }
    let message = "subscriptions are one source, `default`; run the pipeline without `source`";
    Err(StepError::failed("source_unknown", message))
}

/// Every subscription of the organization, by id.
async fn all(context: &StepContext<'_>) -> Result<Vec<SaasSubscription>, StepError> {
    let store = &context.engine.connections.store;
    let mut all = Vec::new();
    let mut page = PageRequest { limit: PAGE, after: None };
    loop {
        let list = List {
            collection: Collection::SaasSubscriptions,
            owner: Some(Owner::Org(context.job.org.clone())),
            filters: Vec::new(),
            page,
        };
        let read = store.list(&list).await?;
        page = PageRequest { limit: PAGE, after: read.next.clone() };
        let held = read.read::<SaasSubscription>()?;
        all.extend(held.into_iter().map(|held| held.value));
        if page.after.is_none() {
            all.sort_by_key(|subscription| subscription.subscription_id);
            return Ok(all);
        }
    }
}

fn lines(
    subscriptions: &[SaasSubscription],
    days: &Range<Date>,
) -> Result<Vec<(Account, Charge)>, StepError> {
    let mut lines = Vec::new();
    for subscription in subscriptions {
        let charges = subscription.agreement().charges(days).map_err(|error| {
            let message = format!("subscription {}: {error}", subscription.name);
            StepError::failed("amount_too_large", message)
        })?;
        let account = subscription.account();
        lines.extend(charges.into_iter().map(|charge| (account.clone(), charge)));
    }
    Ok(lines)
}
