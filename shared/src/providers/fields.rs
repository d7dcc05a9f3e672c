//! The fields that a caller gives for a connection: secrets until the registry says otherwise.

use std::{collections::BTreeMap, fmt};

use anyhow::Context as _;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;
use zeroize::Zeroizing;

/// Texts by field name. Never printed, never repeated in an error, erased when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, Zeroizing<String>>);

impl Fields {
    /// From texts by name.
    #[must_use]
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let pairs = pairs.into_iter();
        Self(pairs.map(|(name, text)| (name.to_owned(), text.to_owned().into())).collect())
    }

    /// The text of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|text| text.as_str())
    }

    /// The names of the fields, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// As the vault seals it: the same bytes for the same fields.
    ///
    /// # Errors
    ///
    /// Fails when the texts do not serialize, which is a bug.
    pub fn to_bytes(&self) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        let texts: BTreeMap<_, _> = self.0.iter().map(|(name, text)| (name, &**text)).collect();
        Ok(serde_json::to_vec(&texts).context("cannot write the fields of a connection")?.into())
    }

    /// What [`Fields::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// Fails for other bytes, and does not say which.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        serde_json::from_slice(bytes)
            .map_err(|_| anyhow::anyhow!("the fields of a connection cannot be read"))
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fields").field(&self.0.keys().collect::<Vec<_>>()).finish()
    }
}

impl<'de> Deserialize<'de> for Fields {
    /// Takes an object of texts. serde's own messages repeat the value that they refuse, so they
    /// are not asked.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Value::Object(members) = Value::deserialize(deserializer)? else {
            return Err(D::Error::custom("an object is expected, with one text per field"));
        };
        let text = |(name, value)| match value {
            Value::String(text) => Ok((name, Zeroizing::new(text))),
            _ => Err(D::Error::custom(format!("{name} has to be a text"))),
        };
        members.into_iter().map(text).collect::<Result<_, _>>().map(Self)
    }
}
