//! What the sandbox knows: keys, days that have usage, captured pages, and what goes wrong.

use std::{collections::BTreeMap, ops::Range};

use jiff::civil::Date;
use serde_json::Value;

use crate::Faults;

/// What a key is to its provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// May read everything.
    Admin,
    /// An admin key that may not read usage and costs.
    WithoutPermission,
    /// Of a project: for requests to models.
    Project,
    /// Deleted.
    Revoked,
}

/// Buckets by `{provider}/{report}`, as a provider answered once.
pub type Captured = BTreeMap<String, Vec<Value>>;

/// What the sandbox knows.
#[derive(Debug)]
pub struct World {
    /// The days that have usage, the end not included.
    pub days: Range<Date>,
    /// Makes another world of the same shape.
    pub seed: u64,
    /// What it answers instead of made-up days, where there is something.
    pub captured: Captured,
    /// Keys by text; every other is unknown.
    pub keys: BTreeMap<String, Key>,
    /// What goes wrong.
    pub faults: Faults,
}

impl World {
    /// Made-up usage of some days, which an admin key of each provider may read.
    #[must_use]
    pub fn new(days: Range<Date>) -> Self {
        let keys = [Self::OPENAI_KEY, Self::ANTHROPIC_KEY].map(|key| (key.to_owned(), Key::Admin));
        Self {
            days,
            seed: 1,
            captured: Captured::new(),
            keys: keys.into(),
            faults: Faults::default(),
        }
    }

    /// An admin key of the sandbox's OpenAI.
    pub const OPENAI_KEY: &str = "sk-admin-sandbox-0123456789abcdef";
    /// An admin key of the sandbox's Anthropic.
    pub const ANTHROPIC_KEY: &str = "sk-ant-admin01-sandbox-0123456789abcdef";

    pub(crate) fn key(&self, text: &str) -> Option<Key> {
        self.keys.get(text).copied()
    }

    /// Whether a day has usage that is there by now.
    pub(crate) fn has(&self, day: Date) -> bool {
        self.days.contains(&day) && !self.faults.is_held_back(day)
    }
}
