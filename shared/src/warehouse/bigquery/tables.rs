//! Tables as they are, as they should be, and views of them.

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use google_cloud_bigquery_v2::model::{self, Clustering, TableReference, TimePartitioning};
use google_cloud_gax::options::RequestOptionsBuilder as _;

use super::{
    BigQuery,
    failure::{explain, is_duplicate, is_missing},
    jobs::Work,
    names::{STAGING, Table},
    sql::{self, Statement},
    types,
};
use crate::warehouse::{
    Applied, Description, Field, TableSchema, ViewSchema, WarehouseError, growth,
};

/// Tables that are looked at at once.
const AT_ONCE: usize = 8;

impl BigQuery {
    /// The tables with their columns; staged rows and views are none.
    pub(super) async fn tables_of(&self, dataset: &str) -> Result<Description, WarehouseError> {
        let names = self.names_of(dataset).await?;
        let described = stream::iter(names).map(|name| async move {
            // One that was dropped since it was listed is none.
            let fields = self.fetch_columns(&self.table(dataset, &name)).await?;
            Ok::<_, WarehouseError>(fields.map(|fields| (name, fields)))
        });
        let described: Vec<_> = described.buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(described.into_iter().flatten().collect())
    }

    async fn names_of(&self, dataset: &str) -> Result<Vec<String>, WarehouseError> {
        let (mut names, mut token) = (Vec::new(), String::new());
        loop {
            let request = self.clients().tables().await?.list_tables();
            let request = request.set_project_id(self.project()).set_dataset_id(dataset);
            let page = match Box::pin(request.set_page_token(&token).send()).await {
                Ok(page) => page,
                Err(error) if is_missing(&error) => return Ok(Vec::new()),
                Err(error) => return Err(explain(error)),
            };
            for table in page.tables {
                let name = table.table_reference.map(|reference| reference.table_id);
                let name = name.filter(|name| !name.starts_with(STAGING));
                names.extend(name.filter(|_| table.r#type == "TABLE"));
            }
            token = page.next_page_token;
            if token.is_empty() {
                return Ok(names);
            }
        }
    }

    /// What BigQuery says of a table; `None` where it does not exist.
    pub(super) async fn fetch_table(
        &self,
        table: &Table,
    ) -> Result<Option<model::Table>, WarehouseError> {
        let request = self.clients().tables().await?.get_table();
        let request = request.set_project_id(&table.project).set_dataset_id(&table.dataset);
        match Box::pin(request.set_table_id(&table.name).send()).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(explain(error)),
        }
    }

    /// The table's columns as they are now; `None` where it does not exist.
    pub(super) async fn fetch_columns(
        &self,
        table: &Table,
    ) -> Result<Option<Vec<Field>>, WarehouseError> {
        let Some(found) = self.fetch_table(table).await? else { return Ok(None) };
        let columns = found.schema.unwrap_or_default().fields;
        let field = |column: &model::TableFieldSchema| {
            types::field(column).with_context(|| {
                format!("`{}` has a column of the type {}", table.name, column.r#type)
            })
        };
        Ok(Some(columns.iter().map(field).collect::<anyhow::Result<Vec<_>>>()?))
    }

    /// The columns of a table that has to exist.
    pub(super) async fn columns_of(&self, table: &Table) -> Result<Vec<Field>, WarehouseError> {
        if let Some(fields) = self.fetch_columns(table).await? {
            return Ok(fields);
        }
        self.require_dataset(&table.dataset).await?;
        Err(WarehouseError::NoSuchTable(table.name.clone()))
    }

    /// Makes the table or adds its columns.
    pub(super) async fn grow(
        &self,
        dataset: &str,
        schema: &TableSchema,
    ) -> Result<Applied, WarehouseError> {
        let table = self.table(dataset, &schema.name);
        let Some(there) = self.fetch_columns(&table).await? else {
            self.require_dataset(dataset).await?;
            return self.make_table(&table, schema).await;
        };
        let applied = growth::compare(schema, &there)?;
        if let Applied::Updated(added) = &applied {
            let new = schema.fields.iter().filter(|field| added.contains(&field.name));
            let all: Vec<Field> = there.iter().chain(new).cloned().collect();
            self.set_columns(&table, &all).await?;
        }
        Ok(applied)
    }

    async fn make_table(
        &self,
        table: &Table,
        schema: &TableSchema,
    ) -> Result<Applied, WarehouseError> {
        let mut made = model::Table::new()
            .set_table_reference(reference(table))
            .set_description(&schema.description)
            .set_schema(columns(&schema.fields));
        if let Some(field) = &schema.partition_by {
            made = made
                .set_time_partitioning(TimePartitioning::new().set_type("DAY").set_field(field));
        }
        if !schema.cluster_by.is_empty() {
            made = made.set_clustering(Clustering::new().set_fields(&schema.cluster_by));
        }
        if self.insert_table(table, made).await? {
            return Ok(Applied::Created);
        }
        // Somebody else made it meanwhile.
        let there = self.columns_of(table).await?;
        growth::compare(schema, &there)
    }

    /// Makes a table; `false` where there is one.
    pub(super) async fn insert_table(
        &self,
        table: &Table,
        made: model::Table,
    ) -> Result<bool, WarehouseError> {
        let request = self.clients().tables().await?.insert_table();
        let request = request.set_project_id(&table.project).set_dataset_id(&table.dataset);
        match Box::pin(request.set_table(made).with_idempotency(true).send()).await {
            Ok(_) => Ok(true),
            Err(error) if is_duplicate(&error) => Ok(false),
            Err(error) => Err(explain(error)),
        }
    }

    /// Gives a table its columns and more: BigQuery refuses to lose or change any.
    async fn set_columns(&self, table: &Table, all: &[Field]) -> Result<(), WarehouseError> {
        let request = self.clients().tables().await?.patch_table();
        let request = request.set_project_id(&table.project).set_dataset_id(&table.dataset);
        let patch = model::Table::new().set_schema(columns(all));
        let request = request.set_table_id(&table.name).set_table(patch);
        let done = Box::pin(request.with_idempotency(true).send()).await;
        self.0.columns.forget(table);
        done.map(drop).map_err(explain)
    }

    pub(super) async fn make_view(
        &self,
        dataset: &str,
        view: &ViewSchema,
    ) -> Result<(), WarehouseError> {
        let there = self.tables_of(dataset).await?;
        self.require_dataset(dataset).await?;
        growth::check_view(view, &there)?;
        let sql = sql::view(&self.table(dataset, &view.name), view);
        self.execute(dataset, "make_view", sql).await
    }

    /// Drops a table; does nothing where it does not exist.
    pub(super) async fn drop_table(&self, table: &Table) -> Result<(), WarehouseError> {
        let request = self.clients().tables().await?.delete_table();
        let request = request.set_project_id(&table.project).set_dataset_id(&table.dataset);
        match Box::pin(request.set_table_id(&table.name).send()).await {
            Ok(()) => Ok(()),
            Err(error) if is_missing(&error) => Ok(()),
            Err(error) => Err(explain(error)),
        }
    }

    /// Runs DDL.
    async fn execute(&self, dataset: &str, name: &str, sql: String) -> Result<(), WarehouseError> {
        let id = format!("{name}-{}", self.0.ids.new_id());
        let statement = Statement { sql, params: std::collections::BTreeMap::new() };
        let labels = std::collections::HashMap::new();
        let dataset = Some(dataset);
        self.run(&Work { id, statement, dataset, labels }).await.map(drop)
    }
}

/// A table as the REST API names it.
pub(super) fn reference(table: &Table) -> TableReference {
    let reference = TableReference::new().set_project_id(&table.project);
    reference.set_dataset_id(&table.dataset).set_table_id(&table.name)
}

/// Columns as the REST API makes them.
pub(super) fn columns(fields: &[Field]) -> model::TableSchema {
    model::TableSchema::new().set_fields(fields.iter().map(types::column))
}
