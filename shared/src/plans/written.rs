//! The catalog as it is written, and the check that finds every mistake in it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_saphyr::Spanned;

use super::{Plan, limit_mistakes};
use crate::entities::Limits;

const FIELDS: [&str; 8] = [
    "name",
    "description",
    "runs_per_day",
    "runs_per_month",
    "concurrent_runs",
    "seats",
    "providers",
    "history_months",
];

/// Values are read as whatever they are, so that one of a wrong type hides no other mistake.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    trial: Spanned<Value>,
    plans: Vec<Spanned<Fields>>,
}

type Fields = BTreeMap<String, Spanned<Value>>;

/// The plans and which of them a trial gets, or every mistake as `{line}: {what}`.
pub(super) fn check(text: &str) -> Result<(Vec<Plan>, usize), Vec<String>> {
    let written: Written = serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |place| place.line());
        vec![format!("{line}: {}", error.without_snippet())]
    })?;
    let mut checker = Checker::default();
    let plans: Vec<Plan> = written.plans.iter().map(|fields| checker.plan(fields)).collect();
    checker.twins(&written.plans);
    let trial = checker.trial(&written.trial, &plans);
    if checker.mistakes.is_empty() { Ok((plans, trial)) } else { Err(checker.in_order()) }
}

#[derive(Default)]
struct Checker {
    mistakes: Vec<(u64, String)>,
}

impl Checker {
    fn say(&mut self, line: u64, message: impl Into<String>) {
        self.mistakes.push((line, message.into()));
    }

    fn in_order(mut self) -> Vec<String> {
        self.mistakes.sort();
        self.mistakes.into_iter().map(|(line, what)| format!("{line}: {what}")).collect()
    }

    fn plan(&mut self, written: &Spanned<Fields>) -> Plan {
        for (field, value) in written.value.iter().filter(|(f, _)| !FIELDS.contains(&f.as_str())) {
            let message = format!("`{field}` is no field of a plan; it has {}", FIELDS.join(", "));
            self.say(value.referenced.line(), message);
        }
        let before = self.mistakes.len();
        let name = self.text(written, "name");
        if self.mistakes.len() == before && !is_name(&name) {
            self.say(line_of(written, "name"), "a name is lowercase letters, digits and `_`");
        }
        let description = self.text(written, "description");
        Plan { name, description, limits: self.limits(written) }
    }

    fn limits(&mut self, written: &Spanned<Fields>) -> Limits {
        let before = self.mistakes.len();
        let limits = Limits {
            runs_per_day: self.number(written, "runs_per_day"),
            runs_per_month: self.number(written, "runs_per_month"),
            concurrent_runs: self.number(written, "concurrent_runs"),
            seats: self.number(written, "seats"),
            providers: self.number(written, "providers"),
            history_months: self.number(written, "history_months"),
        };
        if self.mistakes.len() == before {
            for (field, message) in limit_mistakes(&limits) {
                self.say(line_of(written, field), message);
            }
        }
        limits
    }

    fn value<'a>(&mut self, written: &'a Spanned<Fields>, field: &str) -> Option<&'a Value> {
        let value = written.value.get(field);
        if value.is_none() {
            self.say(written.referenced.line(), format!("this plan lacks `{field}`"));
        }
        value.map(|value| &value.value)
    }

    fn text(&mut self, written: &Spanned<Fields>, field: &str) -> String {
        match self.value(written, field) {
            None => String::new(),
            Some(Value::String(text)) if !text.trim().is_empty() => text.clone(),
            Some(_) => {
                self.say(line_of(written, field), format!("`{field}` is a text"));
                String::new()
            }
        }
    }

    fn number(&mut self, written: &Spanned<Fields>, field: &str) -> u32 {
        let Some(value) = self.value(written, field) else { return 0 };
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        number.unwrap_or_else(|| {
            self.say(line_of(written, field), format!("`{field}` is a whole number"));
            0
        })
    }

    fn twins(&mut self, written: &[Spanned<Fields>]) {
        let name =
            |fields: &Spanned<Fields>| fields.value.get("name").map(|name| name.value.clone());
        for (at, fields) in written.iter().enumerate() {
            if let Some(twin) = name(fields)
                && written[..at].iter().any(|before| name(before).as_ref() == Some(&twin))
            {
                self.say(line_of(fields, "name"), format!("there are two plans named {twin}"));
            }
        }
    }

    fn trial(&mut self, written: &Spanned<Value>, plans: &[Plan]) -> usize {
        let found = plans.iter().position(|plan| written.value == plan.name.as_str());
        found.unwrap_or_else(|| {
            let names: Vec<_> = plans.iter().map(|plan| plan.name.as_str()).collect();
            let line = written.referenced.line();
            self.say(line, format!("`trial` names a plan: {}", names.join(", ")));
            0
        })
    }
}

fn line_of(written: &Spanned<Fields>, field: &str) -> u64 {
    let value = written.value.get(field);
    value.map_or(written.referenced.line(), |value| value.referenced.line())
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
