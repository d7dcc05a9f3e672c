//! Reading a mapping field by field: every mistake is noted, nothing stops at the first.

use std::fmt;

use super::yaml::{At, Node};

/// A mistake in a config: where it is, and what was expected there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as a path below `configs/`.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Collects the mistakes of one file.
#[derive(Debug)]
pub struct Problems {
    file: String,
    found: Vec<Problem>,
}

impl Problems {
    /// None yet.
    #[must_use]
    pub fn of(file: impl Into<String>) -> Self {
        Self { file: file.into(), found: Vec::new() }
    }

    /// Notes one.
    pub fn add(&mut self, line: u64, message: impl Into<String>) {
        self.found.push(Problem { file: self.file.clone(), line, message: message.into() });
    }

    /// How many there are so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// All of them in the order of their lines; empty where there is none.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Problem> {
        self.found.sort();
        self.found
    }
}

/// The fields of a mapping that nobody has taken yet. Each is taken once; what is left at the
/// end is unknown, and a mistake.
#[derive(Debug)]
pub struct Fields {
    /// Where the mapping begins.
    pub line: u64,
    what: &'static str,
    left: Vec<(At<String>, At<Node>)>,
    known: Vec<&'static str>,
}

impl Fields {
    /// The fields of a mapping; `what` names it in mistakes, as in `step`.
    pub(super) fn of(node: At<Node>, what: &'static str, problems: &mut Problems) -> Self {
        let (line, left) = match node.value {
            Node::Map(entries) => (entries.first().map_or(node.line, |(key, _)| key.line), entries),
            other => {
                let found = other.kind();
                problems.add(node.line, format!("a {what} is a mapping, this is {found}"));
                (node.line, Vec::new())
            }
        };
        Self { line, what, left, known: Vec::new() }
    }

    pub(super) fn take(&mut self, name: &'static str) -> Option<At<Node>> {
        self.known.push(name);
        let at = self.left.iter().position(|(key, _)| key.value == name)?;
        let (key, node) = self.left.remove(at);
        // A block value begins below its key; people look for the key.
        Some(At { line: key.line, value: node.value }).filter(|node| node.value != Node::Null)
    }

    /// Every field as it is called, for mappings with free names.
    pub(super) fn take_all(&mut self) -> Vec<(At<String>, At<Node>)> {
        std::mem::take(&mut self.left)
    }

    /// A text that may be absent.
    pub fn optional_text(
        &mut self,
        name: &'static str,
        problems: &mut Problems,
    ) -> Option<At<String>> {
        let node = self.take(name)?;
        match node.value {
            Node::Text(value) if !value.trim().is_empty() => Some(At { line: node.line, value }),
            Node::Text(_) => wrong(problems, node.line, name, "text", "empty"),
            other => wrong(problems, node.line, name, "text", other.kind()),
        }
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &'static str, problems: &mut Problems) -> Option<At<String>> {
        let known = problems.found.len();
        let found = self.optional_text(name, problems);
        if found.is_none() && problems.found.len() == known {
            self.missing(name, problems);
        }
        found
    }

    /// A whole number in a range, or `default` where it is absent.
    pub fn number(
        &mut self,
        name: &'static str,
        range: std::ops::RangeInclusive<i64>,
        default: i64,
        problems: &mut Problems,
    ) -> i64 {
        match self.take(name) {
            None => default,
            Some(At { value: Node::Int(value), .. }) if range.contains(&value) => value,
            Some(node) => {
                let (low, high) = (range.start(), range.end());
                let message = format!("`{name}` is a whole number from {low} to {high}");
                problems.add(node.line, message);
                default
            }
        }
    }

    /// True or false; false where it is absent.
    pub fn flag(&mut self, name: &'static str, default: bool, problems: &mut Problems) -> bool {
        match self.take(name) {
            None => default,
            Some(At { value: Node::Bool(value), .. }) => value,
            Some(node) => {
                problems.add(node.line, format!("`{name}` is true or false"));
                default
            }
        }
    }

    /// A list of texts; empty where it is absent.
    pub fn texts(&mut self, name: &'static str, problems: &mut Problems) -> Vec<At<String>> {
        let nodes = self.list(name, problems);
        nodes
            .into_iter()
            .filter_map(|node| match node.value {
                Node::Text(value) => Some(At { line: node.line, value }),
                other => wrong(problems, node.line, name, "a list of texts", other.kind()),
            })
            .collect()
    }

    /// A list of mappings; empty where it is absent.
    pub fn mappings(
        &mut self,
        name: &'static str,
        what: &'static str,
        problems: &mut Problems,
    ) -> Vec<Self> {
        let nodes = self.list(name, problems);
        nodes.into_iter().map(|node| Self::of(node, what, problems)).collect()
    }

    /// A mapping that may be absent.
    pub fn mapping(
        &mut self,
        name: &'static str,
        what: &'static str,
        problems: &mut Problems,
    ) -> Option<Self> {
        let node = self.take(name)?;
        Some(Self::of(node, what, problems))
    }

    /// Every name with the text it has, for mappings with free names.
    #[must_use]
    pub fn pairs(mut self, problems: &mut Problems) -> Vec<(At<String>, At<String>)> {
        let pair = |(name, node): (At<String>, At<Node>)| match node.value {
            Node::Text(value) => Some((name, At { line: node.line, value })),
            other => {
                let found = other.kind();
                problems.add(node.line, format!("`{}` is text, this is {found}", name.value));
                None
            }
        };
        self.take_all().into_iter().filter_map(pair).collect()
    }

    fn list(&mut self, name: &'static str, problems: &mut Problems) -> Vec<At<Node>> {
        match self.take(name) {
            None => Vec::new(),
            Some(At { value: Node::List(items), .. }) => items,
            Some(node) => {
                let found = node.value.kind();
                problems.add(node.line, format!("`{name}` is a list, this is {found}"));
                Vec::new()
            }
        }
    }

    /// Whether every field was taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Notes that a field which must be there is not.
    pub fn missing(&self, name: &str, problems: &mut Problems) {
        problems.add(self.line, format!("this {} lacks `{name}`", self.what));
    }

    /// Notes every field that nobody took.
    pub fn finish(self, problems: &mut Problems) {
        for (key, _) in self.left {
            let known: Vec<_> = self.known.iter().map(|name| format!("`{name}`")).collect();
            let (what, name, known) = (self.what, key.value, known.join(", "));
            problems.add(key.line, format!("a {what} has no `{name}`; it has {known}"));
        }
    }
}

fn wrong<T>(
    problems: &mut Problems,
    line: u64,
    name: &str,
    expected: &str,
    found: &str,
) -> Option<T> {
    problems.add(line, format!("`{name}` is {expected}, this is {found}"));
    None
}
