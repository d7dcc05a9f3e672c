//! The plans that organizations can have: `configs/system/plans.yml`.

mod written;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{configs::Configs, entities::Limits};

/// Where the catalog stands among the configs.
pub const PLANS: &str = "system/plans.yml";

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plan {
    /// What requests and subscriptions call it.
    pub name: String,
    /// Whom it is for, in one sentence.
    pub description: String,
    /// What it allows.
    pub limits: Limits,
}

/// Every plan, and which of them a trial gets.
#[derive(Debug, Clone)]
pub struct PlanCatalog {
    plans: Vec<Plan>,
    trial: usize,
}

impl PlanCatalog {
    /// Reads and checks the catalog.
    ///
    /// # Errors
    ///
    /// Every mistake in it, each with the line where it stands.
    pub fn read(configs: &Configs) -> Result<Self, Vec<String>> {
        let text =
            configs.get(PLANS).ok_or_else(|| vec![format!("{PLANS}: the file is missing")])?;
        let (plans, trial) = written::check(text).map_err(|mistakes| {
            mistakes.iter().map(|text| format!("{PLANS}:{text}")).collect::<Vec<_>>()
        })?;
        Ok(Self { plans, trial })
    }

    /// All of them, as they stand in the file.
    #[must_use]
    pub fn all(&self) -> &[Plan] {
        &self.plans
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.name == name)
    }

    /// One of them, for a request that names it.
    ///
    /// # Errors
    ///
    /// Says which there are.
    pub fn named(&self, name: &str) -> Result<&Plan, String> {
        self.get(name).ok_or_else(|| {
            let names: Vec<_> = self.plans.iter().map(|plan| plan.name.as_str()).collect();
            format!("there is no such plan; it is one of {}", names.join(", "))
        })
    }

    /// The one that a trial gets.
    #[must_use]
    pub fn trial(&self) -> &Plan {
        &self.plans[self.trial]
    }
}

/// What cannot be meant in limits: the field, and what would be right.
#[must_use]
pub fn limit_mistakes(limits: &Limits) -> Vec<(&'static str, String)> {
    let Limits { runs_per_day, runs_per_month, concurrent_runs, seats, providers, history_months } =
        *limits;
    let each = [
        ("runs_per_day", runs_per_day),
        ("runs_per_month", runs_per_month),
        ("concurrent_runs", concurrent_runs),
        ("seats", seats),
        ("providers", providers),
        ("history_months", history_months),
    ];
    let none = each.into_iter().filter(|(_, value)| *value == 0);
    let mut mistakes: Vec<_> =
        none.map(|(field, _)| (field, format!("{field} is at least 1"))).collect();
    if runs_per_month < runs_per_day {
        let message = "runs_per_month is at least runs_per_day".to_owned();
        mistakes.push(("runs_per_month", message));
    }
    mistakes
}
