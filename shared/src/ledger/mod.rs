//! The 15 tables that say what was, and the outbox through which rows get there.
//!
//! A change commits its rows as outbox documents together with the documents they tell of. Right
//! after, they are appended to the warehouse and deleted; what a crash leaves, the sweep appends.
//! A row that gets there twice counts once, by its id.

mod batch;
mod deliver;
mod outbox;
pub mod rows;

use std::{collections::BTreeMap, fmt, sync::Arc};

use anyhow::Context as _;
use jiff::SignedDuration;
use serde_json::{Map, Value};

use self::batch::Table;
pub use self::{
    outbox::OutboxRow,
    rows::{LedgerRow, RowVersion},
};
use crate::{
    clock::Clock,
    configs::Configs,
    ids::Ids,
    setup,
    store::{Collection, Entity as _, Key, Owner, Store, StoreError, Write},
    warehouse::Warehouse,
};

/// How long whoever committed a row has to deliver it before the sweep does.
const GRACE: SignedDuration = SignedDuration::from_secs(30);

/// Writes ledger rows. Cheap to share.
pub struct Ledger {
    store: Arc<dyn Store>,
    warehouse: Arc<dyn Warehouse>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    tables: BTreeMap<String, Table>,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("tables", &self.tables.keys()).finish_non_exhaustive()
    }
}

impl Ledger {
    /// Over a store and a warehouse, with the tables of `configs`.
    ///
    /// # Errors
    ///
    /// Every mistake in the schemas of the tables.
    pub fn new(
        store: Arc<dyn Store>,
        warehouse: Arc<dyn Warehouse>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        configs: &Configs,
    ) -> Result<Self, Vec<String>> {
        let of_organizations = setup::organization_tables(configs)?
            .into_iter()
            .filter(|schema| rows::OF_ORGANIZATIONS.contains(&schema.name.as_str()));
        let schemas = setup::bootstrap_tables(configs)?.into_iter().chain(of_organizations);
        let tables = schemas.map(|schema| (schema.name.clone(), Table::new(schema))).collect();
        Ok(Self { store, warehouse, clock, ids, tables })
    }

    /// The outbox document of a row: put it into the commit that decides what the row tells of,
    /// by [`Ledger::commit`].
    ///
    /// # Errors
    ///
    /// Fails where the row does not serialize, which is a bug.
    pub fn write<R: LedgerRow>(&self, owner: &Owner, row: &R) -> Result<Write, StoreError> {
        let now = self.clock.now();
        let row_id = self.ids.new_id().to_string();
        let row = serde_json::to_value(row).context("cannot write a ledger row")?;
        let Value::Object(mut row) = row else {
            return Err(anyhow::anyhow!("a row of {} is no object", R::TABLE).into());
        };
        row.insert("row_id".to_owned(), Value::from(row_id.as_str()));
        row.insert("recorded_at".to_owned(), Value::from(now.to_string()));
        let document = OutboxRow {
            table: R::TABLE.to_owned(),
            row,
            attempts: 0,
            due_at: Some(now + GRACE),
            refusal: None,
            other: Map::new(),
        };
        let key = Key { collection: Collection::Outbox, owner: owner.clone(), id: row_id };
        document.create(key)
    }
}
