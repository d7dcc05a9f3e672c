//! The list of everything that can be sent to BigQuery.

use std::{collections::BTreeMap, sync::Arc};

use convergence::{
    configs::Configs,
    costs::{self, Columns},
    focus::Model,
    org::OrgSlug,
    warehouse::{
        ParamType, ParamValue, Query,
        prql::{Dialect, SqlType as _, compile, parameters},
    },
};
use integration_tests::sqlcheck::Statement;

use super::built;
use crate::warehouse::shipped;

/// Every statement.
pub(super) fn all(configs: &Configs) -> Vec<Statement> {
    let queries = queries(configs);
    let built = built::all(configs, &queries);
    queries.into_iter().chain(built).collect()
}

/// Every query that is shipped, by the lists that the snapshots are made of.
pub(super) fn queries(configs: &Configs) -> Vec<Statement> {
    let columns = Columns::new(Arc::new(Model::read(configs).expect("a model")));
    let asked = costs::shipped(&columns, &OrgSlug::parse("acme").expect("a slug"));
    let asked = asked.expect("questions").into_iter().enumerate();
    let asked = asked.map(|(at, query)| statement(format!("{} {at}", query.name), &query));
    let written = shipped::all(configs).expect("queries").into_iter().map(|shipped| {
        let names = parameters(&shipped.prql).expect("PRQL");
        let mut query = Query::new("shipped", shipped.prql);
        query.params = names.iter().map(|name| sample(name)).collect();
        statement(shipped.name, &query)
    });
    asked.chain(written).collect()
}

fn statement(name: String, query: &Query) -> Statement {
    let bound = compile(query, Dialect::BigQuery).expect("it compiles");
    Statement { name, sql: bound.sql, parameters: typed(bound.params) }
}

pub(super) fn typed(
    params: impl IntoIterator<Item = (String, ParamValue)>,
) -> BTreeMap<String, String> {
    let kind = |value: ParamValue| value.kind().sql_type(Dialect::BigQuery).to_owned();
    params.into_iter().map(|(name, value)| (name, kind(value))).collect()
}

/// A parameter of the queries that stand in files and constants, with the type that the code gives
/// it.
fn sample(name: &str) -> (&'static str, ParamValue) {
    let of = [
        ("source", ParamType::String),
        ("run_id", ParamType::String),
        ("first_month", ParamType::Date),
        ("last_month", ParamType::Date),
        ("first_day", ParamType::Date),
        ("end_day", ParamType::Date),
        ("first", ParamType::Timestamp),
        ("last", ParamType::Timestamp),
        ("org", ParamType::String),
        ("action", ParamType::String),
        ("actor", ParamType::String),
        ("before", ParamType::String),
        ("after", ParamType::String),
        ("parent", ParamType::String),
        ("status", ParamType::String),
        ("pipeline", ParamType::String),
        ("day", ParamType::Date),
        ("run", ParamType::String),
        ("step", ParamType::String),
        ("number", ParamType::Int),
        ("nth", ParamType::Int),
    ];
    let found = of.into_iter().find(|(known, _)| *known == name);
    let (name, kind) = found.unwrap_or_else(|| panic!("of what type is ${name}?"));
    (name, ParamValue::Null(kind))
}
