//! Tables grow columns, refuse to lose any; views put tables together.

use super::fixture::{all, ask, charge, charges, field, fresh, incompatible, months, put};
use crate::warehouse::{
    Applied, ColumnType, Dataset, Mode, Query, TableSchema, ViewSchema, Warehouse, WarehouseError,
};

pub(super) async fn cases(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    growth(warehouse).await?;
    refusals(warehouse).await?;
    views(warehouse).await
}

async fn growth(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = fresh(warehouse, "suite_growth").await?;
    assert_eq!(warehouse.apply_table(&dataset, &charges()).await?, Applied::Unchanged);
    let scope = months("a", &["2024-09-01"])?;
    put(warehouse, &dataset, &scope, &[charge("aws/a", "2024-09-01", "2024-09-02", "1")]).await?;

    let mut wider = charges();
    wider.fields.insert(2, field("Colour", ColumnType::String, Mode::Nullable));
    wider.fields.push(field("Sizes", ColumnType::Integer, Mode::Repeated));
    let added = vec!["Colour".to_owned(), "Sizes".to_owned()];
    assert_eq!(warehouse.apply_table(&dataset, &wider).await?, Applied::Updated(added));
    assert_eq!(warehouse.apply_table(&dataset, &wider).await?, Applied::Unchanged);

    let described = warehouse.describe(&dataset).await?;
    let there: Vec<_> = described["charges"].iter().map(|f| (&f.name, f.kind, f.mode)).collect();
    for wanted in &wider.fields {
        assert!(there.contains(&(&wanted.name, wanted.kind, wanted.mode)), "{wanted:?}");
    }
    assert_eq!(there.len(), wider.fields.len());
    assert_eq!(all(warehouse, &dataset).await?, ["aws/a|2024-09-02|1"], "rows stay");
    Ok(())
}

async fn refusals(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = fresh(warehouse, "suite_refusals").await?;
    let with = |change: fn(&mut TableSchema)| {
        let mut schema = charges();
        change(&mut schema);
        schema
    };
    let changes: [fn(&mut TableSchema); 5] = [
        |schema| schema.fields.retain(|field| field.name != "Note"),
        |schema| schema.fields[5].kind = ColumnType::Integer,
        |schema| schema.fields[5].mode = Mode::Repeated,
        |schema| schema.fields[5].mode = Mode::Required,
        |schema| schema.fields.push(field("New", ColumnType::String, Mode::Required)),
    ];
    for change in changes {
        incompatible(&warehouse.apply_table(&dataset, &with(change)).await);
    }
    // A refusal adds none of the columns that it could have added.
    let mixed = with(|schema| {
        schema.fields[5].kind = ColumnType::Integer;
        schema.fields.push(field("Fine", ColumnType::String, Mode::Nullable));
    });
    incompatible(&warehouse.apply_table(&dataset, &mixed).await);
    assert_eq!(warehouse.apply_table(&dataset, &charges()).await?, Applied::Unchanged);
    Ok(())
}

async fn views(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = fresh(warehouse, "suite_views").await?;
    let scope = months("a", &["2024-09-01"])?;
    put(warehouse, &dataset, &scope, &[charge("aws/a", "2024-09-01", "2024-09-02", "1")]).await?;
    let mut view = ViewSchema {
        name: "costs".to_owned(),
        tables: vec!["charges".to_owned()],
        columns: vec!["BilledCost".to_owned(), "x_source_id".to_owned()],
    };
    warehouse.apply_view(&dataset, &view).await?;
    assert_eq!(costs(warehouse, &dataset).await?, ["1|aws/a"]);

    // A second table has its columns in another order.
    let mut other = charges();
    "others".clone_into(&mut other.name);
    other.fields.reverse();
    warehouse.apply_table(&dataset, &other).await?;
    let query = Query::new("suite", "from charges");
    warehouse.materialize(&dataset, &query, "others", &scope).await?;
    view.tables.push("others".to_owned());
    warehouse.apply_view(&dataset, &view).await?;
    assert_eq!(costs(warehouse, &dataset).await?, ["1|aws/a", "1|aws/a"]);
    assert!(!warehouse.describe(&dataset).await?.contains_key("costs"), "a view is no table");

    view.tables.push("nowhere".to_owned());
    let refused = warehouse.apply_view(&dataset, &view).await;
    assert!(matches!(refused, Err(WarehouseError::NoSuchTable(_))), "{refused:?}");
    Ok(())
}

async fn costs(warehouse: &dyn Warehouse, dataset: &Dataset) -> anyhow::Result<Vec<String>> {
    ask(warehouse, dataset, &Query::new("suite", "from costs")).await
}
