//! Variables by name, and what is wrong with them.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

/// Where sections read from. A bad value is noted, and reading goes on with the default.
pub(super) struct Source<'a> {
    variables: &'a BTreeMap<String, String>,
    problems: Vec<String>,
}

impl<'a> Source<'a> {
    pub(super) fn new(variables: &'a BTreeMap<String, String>) -> Self {
        Self { variables, problems: Vec::new() }
    }

    /// The text of a setting; an empty one is not set.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The value of a setting, if it is set.
    pub(super) fn optional<T>(&mut self, name: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text = self.text(name)?;
        self.take(name, text.parse().map_err(|error: T::Err| format!("`{text}`: {error}")))
    }

    /// The value of a setting, or its default.
    pub(super) fn value<T>(&mut self, name: &str, default: T) -> T
    where
        T: FromStr,
        T::Err: Display,
    {
        self.optional(name).unwrap_or(default)
    }

    /// A number of at least one.
    pub(super) fn count(&mut self, name: &str, default: u32) -> u32 {
        let value = self.value(name, default);
        if value == 0 {
            self.problem(name, "it has to be at least 1");
        }
        value
    }

    /// `true` or `false`, if it is set.
    pub(super) fn switch(&mut self, name: &str) -> Option<bool> {
        match self.text(name)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.problem(name, "it is `true` or `false`");
                None
            }
        }
    }

    /// Items separated by commas.
    pub(super) fn items(&self, name: &str) -> Vec<&'a str> {
        let items = self.text(name).unwrap_or_default().split(',').map(str::trim);
        items.filter(|item| !item.is_empty()).collect()
    }

    /// A result that was read from a setting.
    pub(super) fn take<T>(&mut self, name: &str, result: Result<T, impl Display>) -> Option<T> {
        result.map_err(|error| self.problem(name, &error.to_string())).ok()
    }

    /// Notes what is wrong with a setting.
    pub(super) fn problem(&mut self, name: &str, message: &str) {
        self.problems.push(format!("{name}: {message}"));
    }

    /// Whether something is wrong with a setting already.
    pub(super) fn is_bad(&self, name: &str) -> bool {
        self.problems.iter().any(|problem| problem.split(':').next() == Some(name))
    }

    pub(super) fn into_problems(self) -> Vec<String> {
        self.problems
    }
}
