//! `convergence check [DIR]`

use std::path::PathBuf;

use clap::Args;
use convergence::{
    configs::Configs, focus::Model, pipeline::plan::Plans, plans::PlanCatalog,
    providers::Providers, setup,
};
use serde_json::json;

use crate::{
    failure::{Failure, Result},
    view::Screen,
};

/// The file that plans name for mistakes in tables.
const TABLES: &str = "configs/setup/organization";

/// What `check` takes.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// A folder of configs; by default those this program was built with
    folder: Option<PathBuf>,
}

impl Check {
    /// Checks every config and says every mistake.
    pub(crate) fn run(self, screen: Screen) -> Result {
        let configs = match &self.folder {
            Some(folder) => Configs::read(folder)?,
            None => Configs::embedded(),
        };
        let (found, mistakes) = check(&configs);
        let answer = json!({ "checked": found, "mistakes": mistakes });
        screen.result(&answer, |_| text(&found, &mistakes))?;
        if mistakes.is_empty() { Ok(()) } else { Err(Failure::Mistakes(mistakes.len())) }
    }
}

/// What there is, and what is wrong with it.
fn check(configs: &Configs) -> (Vec<String>, Vec<String>) {
    let mut found = Vec::new();
    let mut mistakes = Vec::new();
    match Plans::check(configs) {
        Ok(plans) => found.extend(plans.iter().map(|plan| format!("pipeline {}", plan.name))),
        // Tables are looked at below, each with its file.
        Err(problems) => {
            let elsewhere = problems.iter().filter(|it| it.file != TABLES);
            mistakes.extend(elsewhere.map(ToString::to_string));
        }
    }
    match Providers::read(configs) {
        Ok(providers) => {
            found.extend(providers.all().iter().map(|it| format!("provider {}", it.id)));
        }
        Err(more) => mistakes.extend(more),
    }
    let system = setup::bootstrap_tables(configs);
    let organization = setup::organization_tables(configs);
    for tables in [system, organization] {
        match tables {
            Ok(tables) => found.extend(tables.iter().map(|table| format!("table {}", table.name))),
            Err(more) => mistakes.extend(more),
        }
    }
    match PlanCatalog::read(configs) {
        Ok(plans) => found.extend(plans.all().iter().map(|plan| format!("plan {}", plan.name))),
        Err(more) => mistakes.extend(more),
    }
    match Model::read(configs) {
        Ok(model) => found.push(format!("model of {} columns", model.columns.len())),
        Err(error) => mistakes.push(format!("{error:#}")),
    }
    (found, in_order(mistakes))
}

/// Each mistake once, by file and line, with files as paths below the folder.
fn in_order(mistakes: Vec<String>) -> Vec<String> {
    let below = |it: String| it.strip_prefix("configs/").map_or(it.clone(), ToOwned::to_owned);
    let mut mistakes: Vec<_> = mistakes.into_iter().map(below).collect();
    let place = |it: &String| {
        let mut parts = it.splitn(3, ':');
        let file = parts.next().unwrap_or_default().to_owned();
        (file, parts.next().and_then(|line| line.parse::<u64>().ok()), it.clone())
    };
    mistakes.sort_by_cached_key(place);
    mistakes.dedup();
    mistakes
}

fn text(found: &[String], mistakes: &[String]) -> String {
    if mistakes.is_empty() {
        let count = |kind: &str| found.iter().filter(|it| it.starts_with(kind)).count();
        let kinds = ["pipeline", "provider", "table", "plan "];
        let counts = kinds.map(|kind| format!("{} {}s", count(kind), kind.trim_end()));
        return format!("  all good: {}", counts.join(", "));
    }
    mistakes.iter().map(|mistake| format!("  {mistake}\n")).collect::<Vec<_>>().concat()
}
