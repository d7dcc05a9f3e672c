//! Tables as they are, and as they should be.

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use google_cloud_bigquery_v2::model;
use google_cloud_gax::options::RequestOptionsBuilder as _;

use super::{
    BigQuery,
    failure::{explain, is_duplicate, is_missing},
    names::{STAGING, Table},
    query::whose,
    shape, types,
};
use crate::warehouse::{Applied, Dataset, Description, Field, TableSchema, WarehouseError, growth};

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
        let found = self.fetch_table(table).await?;
        Ok(found.map(|found| fields(table, &found)).transpose()?)
    }

    /// The columns of a table that has to exist.
    pub(super) async fn columns_of(&self, table: &Table) -> Result<Vec<Field>, WarehouseError> {
        if let Some(fields) = self.fetch_columns(table).await? {
            return Ok(fields);
        }
        self.require_dataset(&table.dataset).await?;
        Err(WarehouseError::NoSuchTable(table.name.clone()))
    }

    /// Makes the table, or gives it the columns and the rules of partitions that it lacks.
    pub(super) async fn grow(
        &self,
        dataset: &Dataset,
        schema: &TableSchema,
    ) -> Result<Applied, WarehouseError> {
        let table = self.table(&self.dataset(dataset), &schema.name);
        let Some(found) = self.fetch_table(&table).await? else {
            self.require_dataset(&table.dataset).await?;
            return self.make_table(dataset, &table, schema).await;
        };
        let there = fields(&table, &found)?;
        let applied = growth::compare(schema, &there)?;
        let added = match &applied {
            Applied::Updated(added) => added.as_slice(),
            _ => &[],
        };
        let ruled = shape::has_its_rules(&found, schema);
        if added.is_empty() && ruled {
            return Ok(applied);
        }
        let mut patch = model::Table::new();
        if !added.is_empty() {
            let new = schema.fields.iter().filter(|field| added.contains(&field.name));
            let all: Vec<Field> = there.iter().chain(new).cloned().collect();
            patch = patch.set_schema(shape::columns(&all));
        }
        if !ruled {
            patch = shape::partitioned(patch, schema);
        }
        self.patch_table(&table, patch).await?;
        Ok(Applied::Updated(added.to_vec()))
    }

    async fn make_table(
        &self,
        dataset: &Dataset,
        table: &Table,
        schema: &TableSchema,
    ) -> Result<Applied, WarehouseError> {
        if self.insert_table(table, shape::table(table, schema, whose(dataset))).await? {
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

    /// Changes what is said of a table: BigQuery refuses to lose or change columns.
    async fn patch_table(&self, table: &Table, patch: model::Table) -> Result<(), WarehouseError> {
        let request = self.clients().tables().await?.patch_table();
        let request = request.set_project_id(&table.project).set_dataset_id(&table.dataset);
        let request = request.set_table_id(&table.name).set_table(patch);
        let done = Box::pin(request.with_idempotency(true).send()).await;
        self.0.columns.forget(table);
        done.map(drop).map_err(explain)
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
}

fn fields(table: &Table, found: &model::Table) -> anyhow::Result<Vec<Field>> {
    let columns = found.schema.iter().flat_map(|schema| &schema.fields);
    let field = |column: &model::TableFieldSchema| {
        types::field(column)
            .with_context(|| format!("`{}` has a column of the type {}", table.name, column.r#type))
    };
    columns.map(field).collect()
}
