//! What FOCUS says of rows beyond its columns: `configs/system/focus_rules.yml`, which
//! `scripts/focus-rules` writes from the official rules.

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use super::ModelColumn;
use crate::configs::Configs;

const RULES: &str = "system/focus_rules.yml";

/// A rule of FOCUS.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficialRule {
    /// As FOCUS numbers it, as in `RegionName-C-005`.
    pub id: String,
    /// The column that it is about.
    pub column: String,
    /// Its words.
    pub says: String,
    /// PRQL, true for a row that breaks it.
    #[serde(default)]
    pub breaks: Option<String>,
    /// The column that has one value for each value of [`column`](Self::column).
    #[serde(default)]
    pub one: Option<String>,
    /// Whether it is about a value that lacks: it is none where a provider has no such column.
    #[serde(default)]
    pub missing: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    rules: Vec<OfficialRule>,
}

/// Reads the rules and holds them against the columns.
///
/// # Errors
///
/// Fails where the file is missing or unreadable, or a rule is about no column or says two things.
pub(super) fn read(
    configs: &Configs,
    columns: &[ModelColumn],
) -> anyhow::Result<Vec<OfficialRule>> {
    let text = configs.get(RULES).with_context(|| format!("{RULES} is missing"))?;
    let Written { rules } =
        serde_saphyr::from_str(text).map_err(|error| anyhow::anyhow!("{RULES}: {error}"))?;
    let known = |name: &str| columns.iter().any(|column| column.name == name);
    for rule in &rules {
        let id = &rule.id;
        ensure!(known(&rule.column), "{RULES}: {id} is about `{}`, no column", rule.column);
        ensure!(rule.breaks.is_some() != rule.one.is_some(), "{RULES}: {id} `breaks` or has `one`");
        let other = rule.one.as_deref();
        ensure!(other.is_none_or(known), "{RULES}: {id} has `one` of no column");
    }
    Ok(rules)
}
