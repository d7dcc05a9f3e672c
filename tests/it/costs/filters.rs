//! Values never become part of a query.

use std::sync::Arc;

use convergence::{
    configs::Configs,
    costs::{Columns, Filters},
    focus::Model,
    warehouse::{
        ParamValue, Query,
        prql::{Dialect, compile},
    },
};
use proptest::prelude::*;

/// The query of a filter, without the functions that questions bring.
fn query(filters: &Filters) -> Query {
    let functions = "let begins = part column -> s\"STARTS_WITH({column:0}, {part:0})\"\n\
                     let holds = part column -> s\"(STRPOS({column:0}, {part:0}) > 0)\"\n";
    filters.apply(Query::new("test", format!("{functions}from costs\n")))
}

fn columns() -> Columns {
    Columns::new(Arc::new(Model::read(&Configs::embedded()).unwrap()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_a_value_is_the_query_is_the_same(value in ".+", mark in "[!^~]?") {
        let (columns, key) = (columns(), format!("ServiceName{mark}"));
        let of = |value: &str| {
            let mut filters = Filters::default();
            filters.add(&key, value, &columns).unwrap();
            query(&filters)
        };
        let (asked, plain) = (of(&value), of("plain"));
        prop_assert_eq!(&asked.prql, &plain.prql);
        prop_assert_eq!(asked.params.get("f0"), Some(&ParamValue::String(value)));
        for dialect in [Dialect::DuckDb, Dialect::BigQuery] {
            let sql = |query| compile(query, dialect).unwrap().sql;
            prop_assert_eq!(sql(&asked), sql(&plain));
        }
    }

    #[test]
    fn whatever_a_column_is_called_only_known_ones_get_in(name in "\\PC{1,20}") {
        let columns = columns();
        let known = columns.dimension(name.trim_end_matches(['!', '^', '~'])).is_some();
        let mut filters = Filters::default();
        prop_assert_eq!(filters.add(&name, "x", &columns).is_ok(), known);
        prop_assert_eq!(query(&filters).params.is_empty(), !known);
    }
}

#[test]
fn columns_that_callers_may_name_are_texts_and_days() {
    let columns = columns();
    for name in ["ServiceName", "SkuId", "x_source_id", "x_billing_month", "x_charge_date"] {
        assert!(columns.dimension(name).is_some(), "{name}");
    }
    for name in ["Tags", "x_extra", "x_run_id", "BilledCost", "ChargePeriodStart", "servicename"] {
        assert!(columns.dimension(name).is_none(), "{name}");
    }
    assert!(columns.dimensions().count() > 40);
    assert!(columns.is_json("Tags") && columns.is_json("x_extra") && !columns.is_json("SkuId"));
}
