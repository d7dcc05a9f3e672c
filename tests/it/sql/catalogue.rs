//! The tables of a deployment and of an organization, as statements name them.

use convergence::{
    configs::Configs,
    setup::{bootstrap_tables, organization_tables, table},
    warehouse::TableSchema,
};
use integration_tests::sqlcheck::Table;

/// The project and the dataset of an organization in statements that name tables in full.
pub(super) const PLACE: [&str; 2] = ["a-project", "acme_prod"];

/// Every table, and the view of all charges.
pub(super) fn tables(configs: &Configs) -> Vec<Table> {
    let mut schemas = bootstrap_tables(configs).expect("schemas");
    schemas.extend(organization_tables(configs).expect("schemas"));
    let charges = charges(configs);
    let named = ["focus_aws", "focus_focus", "focus_gcp", "costs"];
    schemas.extend(named.map(|name| TableSchema { name: name.to_owned(), ..charges.clone() }));
    // What is staged has the columns of its table.
    let staged = schemas.clone().into_iter();
    let staged = staged.map(|schema| TableSchema { name: staging(&schema.name), ..schema });
    staged.chain(schemas).map(by_its_names).collect()
}

/// The table where rows wait that are to be a table's.
pub(super) fn staging(table: &str) -> String {
    format!("_staging_{table}")
}

/// The columns of every `focus_*`.
pub(super) fn charges(configs: &Configs) -> TableSchema {
    table(configs, "setup/organization/focus.json").expect("a schema")
}

/// Within its dataset, and from anywhere.
fn by_its_names(schema: TableSchema) -> Table {
    let full = [&PLACE[..], &[&schema.name]].concat().join(".");
    Table { names: vec![schema.name, full], fields: schema.fields }
}
