//! From the outbox to the warehouse.

use std::collections::BTreeMap;

use futures::future::try_join_all;
use jiff::{SignedDuration, Timestamp};

use super::{Ledger, OutboxRow, rows::OF_ORGANIZATIONS};
use crate::{
    store::{
        Collection, Entity as _, Held, Key, Owner, PageRequest, StoreError, StoreExt as _, Times,
        Version, Write,
    },
    warehouse::{Dataset, WarehouseError},
};

/// How many rows are appended at once.
const PAGE: usize = 500;
/// How many pages one sweep appends: the rest waits for the next, so that none takes for ever.
const PAGES: usize = 40;
/// The longest time between two tries.
const PATIENCE: SignedDuration = SignedDuration::from_mins(30);

type Rows = Vec<Held<OutboxRow>>;

impl Ledger {
    /// Commits all of `writes` or nothing, then hands the ledger rows among them to the warehouse;
    /// what does not get there is the sweep's. Returns the new versions.
    ///
    /// # Errors
    ///
    /// As the store; then nothing was written.
    pub async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>, StoreError> {
        let keys = writes.iter().map(Write::key);
        let rows: Vec<_> =
            keys.filter(|key| key.collection == Collection::Outbox).cloned().collect();
        let versions = self.store.commit(writes).await?;
        self.deliver(&rows).await;
        Ok(versions)
    }

    /// Appends rows that were just committed, and forgets their documents. What fails is logged and
    /// left to the sweep.
    pub async fn deliver(&self, keys: &[Key]) {
        let now = self.clock.now();
        let reads: Vec<_> = keys.iter().map(|key| self.store.find(key, now)).collect();
        let read = try_join_all(reads).await;
        let delivered = match read {
            Ok(found) => self.append(found.into_iter().flatten().collect()).await,
            Err(error) => Err(error),
        };
        if let Err(error) = delivered {
            tracing::warn!(%error, rows = keys.len(), "ledger rows wait for the sweep");
        }
    }

    /// Appends rows that should have got there by `until`, the most overdue first and at most 20,000
    /// of them; returns how many were looked at.
    ///
    /// # Errors
    ///
    /// Fails where the store does not answer.
    pub async fn sweep(&self, until: Timestamp) -> Result<usize, StoreError> {
        let mut seen = 0;
        let mut page = PageRequest { limit: PAGE, after: None };
        for _ in 0..PAGES {
            let times = Times { until, now: self.clock.now() };
            let due = self.store.find_due(Collection::Outbox, times, &page).await?;
            seen += due.items.len() + due.unreadable;
            page.after = due.next;
            self.append(due.items).await?;
            if page.after.is_none() {
                break;
            }
        }
        Ok(seen)
    }

    /// Appends rows, each table's at once. One table's trouble holds up no other.
    async fn append(&self, rows: Rows) -> Result<(), StoreError> {
        let mut tables: BTreeMap<(String, String), Rows> = BTreeMap::new();
        for row in rows {
            // A ledger of organizations is one table for each of them.
            let of_organization = OF_ORGANIZATIONS.contains(&row.value.table.as_str());
            let owner = if of_organization { row.key.owner.key() } else { String::new() };
            tables.entry((row.value.table.clone(), owner)).or_default().push(row);
        }
        for ((table, _), rows) in tables {
            match self.append_to(&table, &rows).await {
                Ok(()) => self.forget(&rows).await?,
                Err(error) if is_about_the_table(&error) => self.later(rows, &error).await?,
                Err(_) => self.one_by_one(&table, rows).await?,
            }
        }
        Ok(())
    }

    async fn append_to(&self, table: &str, rows: &Rows) -> Result<(), WarehouseError> {
        let refuse = |why: String| WarehouseError::Incompatible(why);
        let known = self.tables.get(table).ok_or_else(|| refuse(format!("no ledger {table}")))?;
        let columns: Vec<_> = rows.iter().map(|row| &row.value.row).collect();
        let batch = known.batch(&columns).map_err(|error| refuse(error.to_string()))?;
        let owner = rows.first().map(|row| &row.key.owner);
        let dataset = match owner {
            Some(Owner::Org(org)) if OF_ORGANIZATIONS.contains(&table) => Dataset::Org(org.clone()),
            _ => return self.warehouse.append(&Dataset::System, table, batch).await,
        };
        match self.warehouse.append(&dataset, table, batch.clone()).await {
            // The organization is older than the table.
            Err(WarehouseError::NoSuchTable(_)) => {
                self.warehouse.apply_table(&dataset, &known.schema).await?;
                self.warehouse.append(&dataset, table, batch).await
            }
            appended => appended,
        }
    }

    /// A row that does not fit must not hold up those that do.
    async fn one_by_one(&self, table: &str, rows: Rows) -> Result<(), StoreError> {
        for row in rows {
            let alone = vec![row];
            match self.append_to(table, &alone).await {
                Ok(()) => self.forget(&alone).await?,
                Err(WarehouseError::Incompatible(why)) => self.reject(alone, &why).await?,
                Err(error) => self.later(alone, &error).await?,
            }
        }
        Ok(())
    }

    async fn forget(&self, rows: &Rows) -> Result<(), StoreError> {
        self.settle(rows.iter().map(Held::delete).collect()).await
    }

    async fn reject(&self, rows: Rows, why: &str) -> Result<(), StoreError> {
        for mut row in rows {
            tracing::error!(
                table = row.value.table,
                row_id = row.key.id,
                why,
                "a table refuses a ledger row"
            );
            let delete = row.delete();
            (row.value.due_at, row.value.refusal) = (None, Some(why.to_owned()));
            let key = Key { collection: Collection::OutboxRejected, ..row.key };
            self.try_commit(vec![delete, row.value.create(key)?]).await?;
        }
        Ok(())
    }

    /// Tries again later, and later each time.
    async fn later(&self, rows: Rows, error: &WarehouseError) -> Result<(), StoreError> {
        let table = rows.first().map(|row| row.value.table.as_str());
        tracing::warn!(table, rows = rows.len(), %error, "ledger rows cannot be appended now");
        let now = self.clock.now();
        let moved = rows.into_iter().map(|mut row| {
            let wait = SignedDuration::from_secs(30 << row.value.attempts.min(10));
            row.value.attempts += 1;
            row.value.due_at = Some(now + wait.min(PATIENCE));
            row.replace()
        });
        self.settle(moved.collect::<Result<_, _>>()?).await
    }

    /// Does all the writes at once; where somebody was faster with one of them, each by itself.
    async fn settle(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        if !self.try_commit(writes.clone()).await? {
            for write in writes {
                self.try_commit(vec![write]).await?;
            }
        }
        Ok(())
    }

    /// Whether it was done. Whoever was faster has delivered the row: a conflict is no failure.
    async fn try_commit(&self, writes: Vec<Write>) -> Result<bool, StoreError> {
        match self.store.commit(writes).await {
            Ok(_) => Ok(true),
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Whether no row at all could be appended now, so that there is no use in trying one by one.
fn is_about_the_table(error: &WarehouseError) -> bool {
    use WarehouseError::{NoSuchDataset, NoSuchTable, Unavailable};
    matches!(error, NoSuchDataset(_) | NoSuchTable(_) | Unavailable(_))
}
