//! Every plan of the deployment.

use std::collections::{BTreeMap, BTreeSet};

use super::{PipelineName, Plan, Tables, compile};
use crate::{
    Error,
    configs::Configs,
    costs::Reconciliation,
    pipeline::{
        config::Problem,
        processors::{Processor, Rule},
    },
};

/// Every plan, by name, and the tables they may write.
#[derive(Debug, Default)]
pub struct Plans {
    plans: BTreeMap<PipelineName, Plan>,
    tables: Tables,
}

impl Plans {
    /// Compiles every pipeline of `configs`; queries are compiled when they are first asked.
    ///
    /// # Errors
    ///
    /// Every mistake of every file.
    pub fn load(configs: &Configs) -> Result<Self, Vec<Problem>> {
        Self::build(configs, false)
    }

    /// As [`Plans::load`], with every query too: what tests and `convergence check` do.
    ///
    /// # Errors
    ///
    /// Every mistake of every file.
    pub fn check(configs: &Configs) -> Result<Self, Vec<Problem>> {
        Self::build(configs, true)
    }

    fn build(configs: &Configs, queries: bool) -> Result<Self, Vec<Problem>> {
        let (tables, wrong) = Tables::read(configs);
        let mut problems: Vec<_> = wrong
            .into_iter()
            .map(|message| Problem { file: "configs/setup/organization".into(), line: 1, message })
            .collect();
        let mut plans = BTreeMap::new();
        for (path, _) in configs.below("") {
            if PipelineName::of_file(path).is_none() {
                continue;
            }
            match compile(path, configs, &tables, queries) {
                Ok(plan) => drop(plans.insert(plan.name.clone(), plan)),
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() { Ok(Self { plans, tables }) } else { Err(problems) }
    }

    /// The plan of a name.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] that names the pipelines there are.
    pub fn get(&self, name: &PipelineName) -> crate::Result<&Plan> {
        self.plans.get(name).ok_or_else(|| {
            let known: Vec<_> = self.plans.keys().map(PipelineName::as_str).collect();
            let known = known.join(", ");
            Error::NotFound(format!("there is no pipeline `{name}`; there are: {known}"))
        })
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Plan> {
        self.plans.values()
    }

    /// Where providers' own totals are, by the rules `reconciles` of all pipelines.
    #[must_use]
    pub fn reconciliations(&self) -> Vec<Reconciliation> {
        let steps = self.iter().flat_map(|plan| &plan.steps);
        let rules = steps.filter_map(|step| match &step.processor {
            Processor::Quality(quality) => Some(quality),
            _ => None,
        });
        let found: BTreeSet<_> = rules
            .flat_map(|quality| {
                quality.rules.iter().map(|rule| (&quality.table.value, &rule.value))
            })
            .filter_map(|(table, rule)| match rule {
                Rule::Reconciles(it) => Some(it.of(table)),
                _ => None,
            })
            .collect();
        found.into_iter().collect()
    }

    /// The tables of organizations.
    #[must_use]
    pub fn tables(&self) -> &Tables {
        &self.tables
    }
}
