//! Every statement says which partitions it reads of a table that requires it: by Google's analyzer,
//! since no emulator refuses one that does not.

use std::collections::BTreeMap;

use convergence::{
    configs::Configs,
    setup::{bootstrap_tables, organization_tables},
    warehouse::{Mode, TableSchema},
};
use integration_tests::{
    emulators::needed,
    sqlcheck::{Statement, Verdict, judge},
};

use super::{
    catalogue::{charges, staging, tables},
    statements::all,
};

/// The tables that have partitions, and the view of all charges.
fn partitioned(configs: &Configs) -> Vec<TableSchema> {
    let mut schemas = bootstrap_tables(configs).expect("schemas");
    schemas.extend(organization_tables(configs).expect("schemas"));
    let charges = charges(configs);
    let named = ["focus_aws", "focus_focus", "focus_gcp", "costs"];
    schemas.extend(named.map(|name| TableSchema { name: name.to_owned(), ..charges.clone() }));
    schemas.retain(|schema| schema.partition_by.is_some());
    schemas
}

/// By the name of each table that requires it: the column that statements have to compare.
fn required(configs: &Configs) -> BTreeMap<String, String> {
    let ruled = partitioned(configs).into_iter().filter(|schema| schema.require_partition_filter);
    ruled.filter_map(|schema| Some((schema.name, schema.partition_by?))).collect()
}

/// The tables that BigQuery would not let a statement read.
fn refused<'a>(verdict: &'a Verdict, required: &'a BTreeMap<String, String>) -> Vec<&'a str> {
    let lacks = |(table, compared): (&'a String, &Vec<String>)| {
        let name = table.rsplit('.').next().unwrap_or(table);
        let column = required.get(name)?;
        (!compared.contains(column)).then_some(table.as_str())
    };
    verdict.filters.iter().filter_map(lacks).collect()
}

#[test]
fn every_statement_filters_by_partition_where_a_table_requires_it() {
    let configs = Configs::embedded();
    let required = required(&configs);
    let Some(verdicts) = needed(judge(&tables(&configs), &all(&configs))) else { return };
    let refused: Vec<_> = verdicts
        .iter()
        .map(|verdict| (verdict.name.as_str(), refused(verdict, &required)))
        .filter(|(_, tables)| !tables.is_empty())
        .collect();
    assert!(refused.is_empty(), "BigQuery would refuse: {refused:#?}");
    let judged = verdicts.iter().flat_map(|verdict| verdict.filters.keys());
    let judged = judged.filter(|table| required.contains_key(*table)).count();
    assert!(judged > 20, "{judged} reads of such tables were looked at");
}

#[test]
fn tables_that_grow_with_every_run_require_it() {
    let open: Vec<_> = partitioned(&Configs::embedded())
        .into_iter()
        .filter(|schema| !schema.require_partition_filter)
        .map(|schema| schema.name)
        .collect();
    assert_eq!(open, ["org_api_keys", "org_subscriptions"], "they stay small");
}

/// A replace that knows no days compares with the first day there is: rows without one would stay.
#[test]
fn rows_that_are_replaced_have_a_day() {
    let mut ruled = partitioned(&Configs::embedded());
    ruled.retain(|schema| schema.partition_by.as_deref() == Some("x_charge_date"));
    assert!(ruled.len() > 3);
    for schema in ruled {
        let day = schema.fields.iter().find(|field| field.name == "x_charge_date");
        assert_eq!(day.map(|field| field.mode), Some(Mode::Required), "{}", schema.name);
    }
}

#[test]
fn conditions_that_do_not_prune_are_told_from_those_that_do() {
    let source = staging("focus_aws");
    let merge = |condition: &str| {
        format!(
            "MERGE focus_aws t USING {source} s ON FALSE WHEN NOT MATCHED BY SOURCE{condition} \
             THEN DELETE WHEN NOT MATCHED THEN INSERT (SkuId) VALUES (s.SkuId)"
        )
    };
    let select = |rest: &str| format!("SELECT SkuId FROM focus_aws {rest}");
    let cases = [
        (true, select("WHERE x_charge_date = @day")),
        (true, select("WHERE SkuId = 'a' AND x_charge_date >= @day AND x_charge_date < @day")),
        (true, select("WHERE x_charge_date BETWEEN @day AND DATE_ADD(@day, INTERVAL 1 DAY)")),
        (true, select("WHERE @day <= x_charge_date")),
        (true, merge(" AND t.x_charge_date >= @day AND t.x_source_id = 'a'")),
        (true, "DELETE FROM focus_aws WHERE x_charge_date = @day".to_owned()),
        (true, format!("INSERT INTO focus_aws (SkuId) SELECT SkuId FROM {source}")),
        (false, select("")),
        (false, select("WHERE SkuId = 'a'")),
        (false, select("WHERE x_charge_date = @day OR SkuId = 'a'")),
        (false, select("WHERE x_charge_date = x_billing_month")),
        (false, select("WHERE DATE_ADD(x_charge_date, INTERVAL 1 DAY) = @day")),
        (
            false,
            select(
                "WHERE x_charge_date = (SELECT MAX(x_charge_date) FROM costs_daily WHERE x_charge_date = @day)",
            ),
        ),
        (false, format!("{} UNION ALL {}", select("WHERE x_charge_date = @day"), select(""))),
        (false, merge("")),
        (false, merge(" AND t.x_source_id = 'a'")),
        (false, "DELETE FROM focus_aws WHERE SkuId = 'a'".to_owned()),
        (false, "INSERT INTO focus_gcp (SkuId) SELECT SkuId FROM focus_aws".to_owned()),
    ];
    let statement = |(_, sql): &(bool, String)| Statement {
        name: sql.clone(),
        sql: sql.clone(),
        parameters: BTreeMap::from([("day".to_owned(), "DATE".to_owned())]),
    };
    let configs = Configs::embedded();
    let statements: Vec<_> = cases.iter().map(statement).collect();
    let Some(verdicts) = needed(judge(&tables(&configs), &statements)) else { return };
    let required = required(&configs);
    for ((prunes, sql), verdict) in cases.iter().zip(&verdicts) {
        assert_eq!(verdict.error, None, "{sql}");
        assert_eq!(refused(verdict, &required).is_empty(), *prunes, "{sql}: {:?}", verdict.filters);
    }
}
