//! What was replaced last, and by whom: `scopes/{org}/{table}:{source}`.

use std::{collections::BTreeMap, time::Duration};

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    Fences, May,
    entry::{Entry, whole_month},
};
use crate::{
    org::OrgSlug,
    store::{Collection, Entity, Key, StoreError, StoreExt as _},
    warehouse::{Scope, SourceId},
};

/// How often a change begins again from a fresh read.
const TRIES: u32 = 24;

/// How long a replaced part is remembered: longer than any attempt lives.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// The number of who began to read, for one table and source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub(super) org: OrgSlug,
    pub(super) table: String,
    /// Greater than that of all who began before.
    pub number: u64,
}

/// The file that rows come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inputs<'a> {
    /// The hash of its bytes.
    pub sha256: &'a str,
    /// Months that it may take from another file; `None` for all.
    pub may_take: Option<&'a [Date]>,
}

/// What is known of a table and source.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Scopes {
    /// The number drawn last.
    pub(super) drawn: u64,
    /// What was replaced, and by whom last.
    #[serde(default)]
    pub(super) replaced: Vec<Entry>,
    /// The hash of the file that a month's rows come from.
    #[serde(default)]
    pub(super) inputs: BTreeMap<Date, String>,
    /// The first day and the day after the last that a month may have rows of.
    #[serde(default)]
    pub(super) bounds: BTreeMap<Date, (Date, Date)>,
    /// The same of rows whose months nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) any_month: Option<(Date, Date)>,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub(super) other: Map<String, Value>,
}

impl Entity for Scopes {}

impl Scopes {
    pub(super) fn draw(&mut self, ticket: (&OrgSlug, &str)) -> Ticket {
        self.drawn += 1;
        Ticket { org: ticket.0.clone(), table: ticket.1.to_owned(), number: self.drawn }
    }

    pub(super) fn may_replace(
        &self,
        number: u64,
        scope: &Scope,
        input: Option<&Inputs<'_>>,
    ) -> May {
        let younger = |entry: &&Entry| entry.number > number && entry.overlaps(scope);
        if self.replaced.iter().any(|entry| younger(&entry)) {
            return May::Superseded;
        }
        let Some(input) = input else { return May::Yes };
        let taken: Vec<Date> = self
            .inputs
            .iter()
            .filter(|(month, sha256)| {
                let allowed = input.may_take.is_none_or(|months| months.contains(month));
                !allowed
                    && sha256.as_str() != input.sha256
                    && whole_month(&scope.source, **month).overlaps(scope)
            })
            .map(|(month, _)| *month)
            .collect();
        if taken.is_empty() { May::Yes } else { May::OtherInput(taken) }
    }

    pub(super) fn merged(
        &mut self,
        (number, now): (u64, Timestamp),
        scope: &Scope,
        input: Option<&Inputs<'_>>,
    ) {
        self.replaced.retain(|old| old.at + REMEMBERED > now);
        for part in &scope.parts {
            let entry = Entry { part: part.clone(), number, at: now };
            // What this replaced whole needs no entry of its own any more.
            self.replaced.retain(|old| old.number > number || !entry.covers(&old.part));
            self.replaced.push(entry);
            if let (Some(month), Some(input)) = (part.month, input) {
                self.inputs.insert(month, input.sha256.to_owned());
            }
        }
    }
}

fn key(org: &OrgSlug, (table, source): (&str, &SourceId)) -> Key {
    Key::org(Collection::Scopes, org, format!("{table}:{source}"))
}

pub(super) async fn read(
    fences: &Fences,
    org: &OrgSlug,
    at: (&str, &SourceId),
) -> Result<Scopes, StoreError> {
    let held = fences.store.find::<Scopes>(&key(org, at), fences.clock.now()).await?;
    Ok(held.map(|held| held.value).unwrap_or_default())
}

/// Changes a document, from a fresh read whenever somebody was quicker.
pub(super) async fn change<T>(
    fences: &Fences,
    org: &OrgSlug,
    at: (&str, &SourceId),
    change: impl Fn(&mut Scopes, (&OrgSlug, &str)) -> T,
) -> Result<T, StoreError> {
    let key = key(org, at);
    for tries in 0.. {
        let held = fences.store.find::<Scopes>(&key, fences.clock.now()).await?;
        let (write, outcome) = if let Some(mut held) = held {
            let outcome = change(&mut held.value, (org, at.0));
            (held.replace()?, outcome)
        } else {
            let mut fresh = Scopes::default();
            let outcome = change(&mut fresh, (org, at.0));
            (fresh.create(key.clone())?, outcome)
        };
        match fences.store.commit(vec![write]).await {
            Ok(_) => return Ok(outcome),
            Err(StoreError::Conflict(_)) if tries < TRIES => pause(fences, tries).await,
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::Other(anyhow::anyhow!("there is always another try")))
}

/// Waits a little, so that those who met do not meet again.
pub(super) async fn pause(fences: &Fences, tries: u32) {
    let mut random = [0; 1];
    fences.ids.fill(&mut random);
    let most = 4_u64 << tries.min(6);
    tokio::time::sleep(Duration::from_millis(most * u64::from(random[0]) / 255)).await;
}
