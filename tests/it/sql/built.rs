//! What BigQuery's backend builds beside the queries: for every table that it can be built for.

use std::{collections::BTreeMap, time::Duration};

use convergence::{
    configs::Configs,
    costs::view,
    setup::organization_tables,
    warehouse::{
        Scope, ScopePart, SourceId, TableSchema,
        bigquery::sql::{self, Table},
    },
};
use integration_tests::sqlcheck::Statement;
use jiff::civil::{Date, date};

use super::{
    catalogue::{PLACE, charges, staging},
    statements::typed,
};

/// The builders of `shared/src/warehouse/bigquery/sql.rs`, each of which has its statements below.
pub(super) const BUILDERS: [&str; 4] = ["NOTHING", "keep", "replace", "view"];

/// Every built statement. The answers of transforms and of the roll-up are kept in tables.
pub(super) fn all(configs: &Configs, queries: &[Statement]) -> Vec<Statement> {
    let mut statements = vec![statement("NOTHING", sql::NOTHING.to_owned())];
    let kept = |query: &&Statement| query.name.ends_with("prql") || query.name == "rollup";
    statements.extend(queries.iter().filter(kept).map(keep));
    statements.extend(replaced(configs));
    let charges = charges(configs);
    let focus = ["focus_aws", "focus_gcp"].map(str::to_owned);
    let costs = view::schema(focus, &charges.fields);
    statements.push(statement("view costs", sql::view(&table("costs"), &costs)));
    statements
}

fn keep(query: &Statement) -> Statement {
    let lifetime = Duration::from_hours(1);
    let sql = sql::keep(&table("_staging_kept"), &query.sql, lifetime);
    Statement { name: format!("keep {}", query.name), sql, parameters: query.parameters.clone() }
}

/// A replace of every table of charges, by scopes of every shape.
fn replaced(configs: &Configs) -> Vec<Statement> {
    let focus = TableSchema { name: "focus_aws".to_owned(), ..charges(configs) };
    let mut tables = organization_tables(configs).expect("schemas");
    tables.push(focus);
    tables.retain(|table| table.partition_by.as_deref() == Some("x_charge_date"));
    assert!(tables.len() > 2, "no table can be replaced");
    tables
        .iter()
        .flat_map(|table| shapes().into_iter().map(move |parts| replace(table, parts)))
        .collect()
}

fn replace(schema: &TableSchema, parts: Vec<ScopePart>) -> Statement {
    let columns: Vec<_> = schema.fields.iter().map(|field| field.name.as_str()).collect();
    let scope = Scope { source: SourceId::new("aws", "default"), parts };
    let staged = table(&staging(&schema.name));
    let built = sql::replace(&table(&schema.name), &staged, &columns, &scope).expect("a scope");
    let name = format!("replace {} {:?}", schema.name, scope.parts);
    Statement { name, sql: built.sql, parameters: typed(built.params) }
}

/// Nothing, a month, days, both, and several at once.
fn shapes() -> [Vec<ScopePart>; 5] {
    let month = Some(date(2026, 4, 1));
    let days = |from, to| Some(date(2026, 4, from)..date(2026, 4, to));
    let part = |month: Option<Date>, days| ScopePart { month, days };
    [
        vec![],
        vec![part(month, None)],
        vec![part(None, days(1, 8))],
        vec![part(month, days(1, 30))],
        vec![part(month, days(1, 8)), part(None, days(9, 10)), part(month, days(12, 13))],
    ]
}

fn table(name: &str) -> Table {
    let [project, dataset] = PLACE.map(str::to_owned);
    Table { project, dataset, name: name.to_owned() }
}

fn statement(name: &str, sql: String) -> Statement {
    Statement { name: name.to_owned(), sql, parameters: BTreeMap::new() }
}
