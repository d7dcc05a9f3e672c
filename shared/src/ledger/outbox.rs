//! A ledger row on its way: `outbox/{owner}/{row id}`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::store::Entity;

/// A row that its table does not hold yet, or refuses.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OutboxRow {
    /// The table it belongs to.
    pub table: String,
    /// Its columns.
    pub row: Map<String, Value>,
    /// How often the sweep has tried.
    #[serde(default)]
    pub attempts: u32,
    /// When the sweep tries next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Why its table refuses it, in `outbox_rejected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Entity for OutboxRow {
    fn filters(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::from([("table", self.table.clone())])
    }

    fn due_at(&self) -> Option<Timestamp> {
        self.due_at
    }
}
