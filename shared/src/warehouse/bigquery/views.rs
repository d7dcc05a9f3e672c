//! Views of tables.

use std::collections::BTreeMap;

use super::{
    BigQuery,
    jobs::Work,
    query::whose,
    sql::{self, Statement},
};
use crate::warehouse::{Dataset, ViewSchema, WarehouseError, growth};

impl BigQuery {
    pub(super) async fn make_view(
        &self,
        dataset: &Dataset,
        view: &ViewSchema,
    ) -> Result<(), WarehouseError> {
        let place = self.dataset(dataset);
        let there = self.tables_of(&place).await?;
        self.require_dataset(&place).await?;
        growth::check_view(view, &there)?;
        let sql = sql::view(&self.table(&place, &view.name), view);
        let id = format!("make_view-{}", self.0.ids.new_id());
        let statement = Statement { sql, params: BTreeMap::new() };
        let (labels, rows) = (whose(dataset), 0);
        self.run(&Work { id, statement, dataset: Some(&place), labels, rows }).await.map(drop)
    }
}
