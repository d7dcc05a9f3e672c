//! What an organization uses of its limits: `counters/{org}/runs`.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    org::OrgSlug,
    store::{Collection, Entity, Key},
};

/// Runs of today, of this month, and those that hold a slot.
///
/// Slots are a set of run ids, not a number: giving the same slot back twice changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Counters {
    /// The day that `day_runs` counts, in the organization's timezone.
    pub day: Date,
    /// Runs of that day.
    pub day_runs: u32,
    /// The first day of the month that `month_runs` counts.
    pub month: Date,
    /// Runs of that month.
    pub month_runs: u32,
    /// The runs that hold a slot.
    pub slots: BTreeSet<Uuid>,
    /// The connected sources, `{provider}/{name}`: what counts against the plan's providers.
    #[serde(default)]
    pub sources: BTreeSet<String>,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Counters {
    /// Where an organization's counters are.
    #[must_use]
    pub fn key(org: &OrgSlug) -> Key {
        Key::org(Collection::Counters, org, "runs")
    }

    /// Nothing used yet on `today`.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self {
            day: today,
            day_runs: 0,
            month: today.first_of_month(),
            month_runs: 0,
            slots: BTreeSet::new(),
            sources: BTreeSet::new(),
            other: Map::new(),
        }
    }

    /// How many providers are connected, however many sources each has.
    #[must_use]
    pub fn providers(&self) -> usize {
        let provider = |source: &String| source.split('/').next().map(str::to_owned);
        self.sources.iter().filter_map(provider).collect::<BTreeSet<_>>().len()
    }

    /// Begins a new day or month where `today` is in another.
    pub fn roll(&mut self, today: Date) {
        if self.day != today {
            (self.day, self.day_runs) = (today, 0);
        }
        if self.month != today.first_of_month() {
            (self.month, self.month_runs) = (today.first_of_month(), 0);
        }
    }
}

impl Entity for Counters {}
