//! Versions of FOCUS, and how a file shows its own.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Model;

/// A version of FOCUS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Version {
    /// 0.5, of which no provider sends files any more; columns came with it.
    V0_5,
    /// 1.0
    V1_0,
    /// 1.1
    V1_1,
    /// 1.2
    V1_2,
    /// 1.3
    V1_3,
    /// 1.4
    V1_4,
}

impl Version {
    /// The versions that are read.
    pub const READ: [Self; 5] = [Self::V1_0, Self::V1_1, Self::V1_2, Self::V1_3, Self::V1_4];

    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V0_5 => "0.5",
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
            Self::V1_4 => "1.4",
        }
    }

    /// The version of a file with these columns: that of its newest column. 1.4 has no columns that
    /// every file has and 1.3 lacks, but it no longer has `ProviderName`.
    #[must_use]
    pub fn of<'a>(model: &Model, columns: impl Iterator<Item = &'a str>) -> Self {
        let columns: Vec<_> = columns.collect();
        let newest = columns.iter().filter_map(|name| model.column(name)).map(|known| known.since);
        let newest = newest.max().unwrap_or(Self::V1_0).max(Self::V1_0);
        let deprecated = columns.contains(&"ProviderName");
        if newest == Self::V1_3 && !deprecated { Self::V1_4 } else { newest }
    }

    /// What shows that a file with these columns mixes versions: columns newer than the version, and
    /// columns that FOCUS dropped before the newest one came. `None` where it is of one version.
    #[must_use]
    pub fn mixed<'a>(
        self,
        model: &Model,
        columns: impl Iterator<Item = &'a str>,
    ) -> Option<Vec<String>> {
        let columns: Vec<_> = columns.collect();
        let since = |name: &str| model.column(name).map(|known| known.since);
        let version = |name: &str| since(name).unwrap_or(Self::V0_5);
        let newest = columns.iter().map(|name| version(name)).max().unwrap_or(self).max(self);
        let newer = columns.iter().filter(|name| version(name) > self);
        let newer = newer.map(|name| format!("{name}, of {}", version(name)));
        let dropped = model.dropped.iter().filter(|it| it.until < newest);
        let dropped = dropped.filter(|it| columns.contains(&it.name.as_str()));
        let dropped = dropped.map(|it| format!("{}, until {}", it.name, it.until));
        let signs: Vec<_> = newer.chain(dropped).collect();
        (!signs.is_empty()).then_some(signs)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::V0_5].into_iter().chain(Self::READ).find(|version| version.as_str() == text).ok_or_else(
            || format!("`{text}` is no FOCUS version that is read; those are 1.0, 1.1, 1.2, 1.3 and 1.4"),
        )
    }
}

impl TryFrom<String> for Version {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.as_str().to_owned()
    }
}
