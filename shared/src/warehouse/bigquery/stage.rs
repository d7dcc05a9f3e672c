//! Rows into a table of their own, which expires by itself, before they replace others.

use std::{
    num::NonZeroUsize,
    sync::Arc,
    thread::available_parallelism,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures::future::try_join_all;
use google_cloud_bigquery_v2::model;
use tokio::sync::mpsc;

use super::{
    BigQuery,
    feed::Feed,
    names::{STAGING, Table},
    query::whose,
    shape, sql,
    staged::{Load, Staging},
    types,
    wire::{Outgoing, Piece, pieces},
};
use crate::{
    ids::{derived, made_at},
    warehouse::{Batches, Dataset, Field, Mode, Query, QueryStats, WarehouseError, fit},
};

/// When staged rows vanish whose process died: longer than any run takes.
const LIFETIME: Duration = Duration::from_hours(6);
/// Streams of one load at most. Each holds a few requests in memory.
const STREAMS: usize = 4;

impl BigQuery {
    /// Loads what a reader gives.
    pub(super) async fn stage_rows(
        &self,
        dataset: &Dataset,
        target: Table,
        rows: Arc<dyn Batches>,
        constants: &[(&str, String)],
    ) -> Result<Load, WarehouseError> {
        let (began, incoming) = (Instant::now(), rows.schema());
        let fields = self.columns_of(&target).await?;
        let given: Vec<&str> = constants.iter().map(|(name, _)| *name).collect();
        fit::check(&target.name, &fields, &incoming, &given)?;
        let names = incoming.fields().iter().map(|column| column.name().as_str());
        let names: Vec<String> = names.chain(given).map(str::to_owned).collect();
        let staging = self.make_staging(dataset, &target, (&fields, &names)).await?;
        let outgoing = Outgoing::new(&target.name, &fields, &incoming, constants);
        match self.feed(staging.table(), rows, outgoing).await {
            Ok(rows) => {
                let stats = QueryStats { duration: began.elapsed(), ..QueryStats::default() };
                Ok(Load::new(target, staging, names, whose(dataset)).with(rows, stats))
            }
            Err(error) => {
                staging.discard().await;
                Err(error)
            }
        }
    }

    /// Keeps what a query returns.
    pub(super) async fn stage_answer(
        &self,
        dataset: &Dataset,
        query: &Query,
        target: Table,
    ) -> Result<Load, WarehouseError> {
        let (began, fields) = (Instant::now(), self.columns_of(&target).await?);
        let mut work = self.work(dataset, &target.dataset, query)?;
        let name = derived(&[&work.id, &target.name]).simple();
        let staging = Staging::new(self, target.sibling(format!("{STAGING}{name}")));
        work.statement.sql = sql::keep(staging.table(), &work.statement.sql, LIFETIME);
        let ended = self.run(&work).await?;
        let kept = self.fetch_table(staging.table()).await?.context("staged rows are gone")?;
        let schema = types::schema(&kept.schema.unwrap_or_default())?;
        if let Err(misfit) = fit::check(&target.name, &fields, &schema, &[]) {
            staging.discard().await;
            return Err(misfit);
        }
        let names = schema.fields().iter().map(|column| column.name().clone()).collect();
        let rows = kept.num_rows.unwrap_or_default();
        let (stats, labels) = (ended.stats(began.elapsed()), work.labels);
        Ok(Load::new(target, staging, names, labels).with(rows, stats))
    }

    /// Makes a table with some of another's columns.
    async fn make_staging(
        &self,
        dataset: &Dataset,
        target: &Table,
        (fields, names): (&[Field], &[String]),
    ) -> Result<Staging, WarehouseError> {
        let id = self.0.ids.new_id();
        let began = made_at(id).context("an id without a time")?;
        let table = target.sibling(format!("{STAGING}{}", id.simple()));
        let find = |name: &String| fields.iter().find(|field| &field.name == name).cloned();
        let mut staged: Vec<Field> = names.iter().filter_map(find).collect();
        for field in staged.iter_mut().filter(|field| field.mode == Mode::Required) {
            field.mode = Mode::Nullable;
        }
        let millis = i64::try_from(LIFETIME.as_millis()).unwrap_or(i64::MAX);
        let made = model::Table::new()
            .set_table_reference(shape::reference(&table))
            .set_labels(whose(dataset))
            .set_schema(shape::columns(&staged))
            .set_expiration_time(began.as_millisecond().saturating_add(millis));
        self.insert_table(&table, made).await?;
        Ok(Staging::new(self, table))
    }

    /// Pulls rows on several threads, and sends each thread's by a stream of its own. Returns how
    /// many there were.
    async fn feed(
        &self,
        table: &Table,
        rows: Arc<dyn Batches>,
        outgoing: Outgoing,
    ) -> Result<u64, WarehouseError> {
        let (schema, outgoing) = (outgoing.schema_message()?, Arc::new(outgoing));
        let streams = available_parallelism().map_or(1, NonZeroUsize::get).clamp(2, STREAMS);
        let feeds = (0..streams).map(|_| {
            let feed = Feed::new(self, table, schema.clone());
            pump(feed, Arc::clone(&rows), Arc::clone(&outgoing), table.name.clone())
        });
        Ok(try_join_all(feeds).await?.into_iter().sum())
    }
}

/// One thread that reads, and one stream that sends what it read. Ending either ends the other.
async fn pump(
    mut feed: Feed,
    rows: Arc<dyn Batches>,
    outgoing: Arc<Outgoing>,
    table: String,
) -> Result<u64, WarehouseError> {
    let (to, mut from) = mpsc::channel(1);
    let reading = tokio::task::spawn_blocking(move || pull(&*rows, &outgoing, &table, &to));
    while let Some(piece) = from.recv().await {
        feed.send(&piece).await?;
    }
    reading.await.context("a reader of rows")??;
    Ok(feed.rows())
}

fn pull(
    rows: &dyn Batches,
    outgoing: &Outgoing,
    table: &str,
    to: &mpsc::Sender<Piece>,
) -> Result<(), WarehouseError> {
    while let Some(batch) = rows.next().map_err(WarehouseError::Input)? {
        for piece in pieces(table, &outgoing.shape(&batch)?)? {
            if to.blocking_send(piece).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}
