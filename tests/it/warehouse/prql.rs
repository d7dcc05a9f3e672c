//! PRQL in both dialects, its prelude, its parameters, and what it refuses.

use convergence::warehouse::{
    Query, WarehouseError,
    prql::{Dialect, compile, parameters, sql},
};
use insta::assert_snapshot;
use jiff::civil::date;

const BOTH: [Dialect; 2] = [Dialect::DuckDb, Dialect::BigQuery];
const COMMON: &str = include_str!("../../../shared/src/warehouse/prql/prelude.prql");
const DUCKDB: &str = include_str!("../../../shared/src/warehouse/prql/prelude_duckdb.prql");
const BIGQUERY: &str = include_str!("../../../shared/src/warehouse/prql/prelude_bigquery.prql");

fn both(query: &Query) -> anyhow::Result<String> {
    let [duckdb, bigquery] = BOTH.map(|dialect| compile(query, dialect));
    Ok(format!("{}\n{}", duckdb?.sql, bigquery?.sql))
}

fn refused(query: &Query) -> String {
    let messages = BOTH.map(|dialect| match compile(query, dialect) {
        Err(WarehouseError::Query(message)) => message,
        other => panic!("{other:?}"),
    });
    assert_eq!(messages[0], messages[1]);
    messages[0].clone()
}

#[test]
fn parameters_are_bound_and_never_put_into_the_text() {
    let prql = "from focus_aws
filter x_source_id == $source && x_charge_date >= $day
filter (one_of $services ServiceName)
select {`BilledCost`, again = $source, literal = '$source', other = s\"'@day $day' || $source\"}";
    let query = Query::new("test", prql)
        .with("source", "aws/'; DROP TABLE x")
        .with("day", date(2025, 1, 31))
        .with("services", vec!["a".to_owned()]);
    assert_snapshot!(both(&query).unwrap(), @r#"
    SELECT "BilledCost", CAST($3 AS VARCHAR) AS again, '$source' AS literal, '@day $day' || CAST($3 AS VARCHAR) AS other FROM focus_aws WHERE x_source_id = CAST($3 AS VARCHAR) AND x_charge_date >= CAST($1 AS DATE) AND list_contains(CAST($2 AS VARCHAR[]), "ServiceName")
    SELECT `BilledCost`, @source AS again, '$source' AS literal, '@day $day' || @source AS other FROM focus_aws WHERE x_source_id = @source AND x_charge_date >= @day AND (`ServiceName` IN UNNEST(@services))
    "#);
    let bound = compile(&query, Dialect::DuckDb).unwrap();
    let names: Vec<&str> = bound.params.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["day", "services", "source"]);
    assert_eq!(parameters(prql).unwrap(), names);
}

#[test]
fn names_in_comments_and_quoted_names_are_no_parameters() {
    let prql = "from t\n# not $one\nselect {a = s\"x /* $two */ + `$three`\", b = s\"\"\"'$four' -- $five\"\"\"}";
    assert!(parameters(prql).unwrap().is_empty(), "{:?}", parameters(prql));
}

#[test]
fn every_parameter_that_is_missing_or_unknown_is_named() {
    let query = Query::new("test", "from t | filter a == $one && b == $two")
        .with("two", 2)
        .with("three", 3)
        .with("four", 4);
    assert_snapshot!(refused(&query), @"query `test`: parameter `one` has no value; parameter `four` is not in the text; parameter `three` is not in the text");
}

#[test]
fn mistakes_say_where_they_are() {
    let texts = [
        "from t\nnonsense a",
        "from t\nfilter (a == ",
        "from t\nselect {a, b\n",
        "from t\nselect {a = 'it''s'}",
        "from t\nselect {a = \"it's\"}",
        "from t\nselect {a = b / 2}",
        "from t\nselect {a = b * 0.5}",
        "",
    ];
    let messages: Vec<String> =
        texts.iter().map(|text| refused(&Query::new("test", *text))).collect();
    assert_snapshot!(messages.join("\n"), @r#"
    query `test`: Unknown name `nonsense` (line 2, column 1)
    query `test`: Expected one of array, doc comment, interpolated string, something else or tuple, but didn't find anything before the end.
    query `test`: Expected new line or something else, but didn't find anything before the end.
    query `test`: expected a function, but found `"it"` (line 2, column 13)
    query `test`: the literal "it's" needs quoting: make it a parameter
    query `test`: `/` is floating point: amounts are added, compared and scaled
    query `test`: `0.5` is floating point: make it a decimal parameter
    query `test`: PRQL queries must begin with 'from', hint: A query must start with a 'from' statement to define the main pipeline
    "#);
}

/// The names of the functions that a prelude defines.
fn functions(prelude: &str) -> Vec<&str> {
    let names = prelude.lines().filter_map(|line| line.strip_prefix("let "));
    let mut names: Vec<&str> = names.filter_map(|line| line.split(' ').next()).collect();
    names.sort_unstable();
    names
}

#[test]
fn both_preludes_have_the_same_functions() {
    assert_eq!(functions(DUCKDB), functions(BIGQUERY));
    assert!(functions(COMMON).iter().all(|name| !functions(DUCKDB).contains(name)));
}

#[test]
fn the_prelude_in_both_dialects() {
    let prql = "from t
derive {day = day_of At, month = month_of x_charge_date, price = amount Quantity}
group {day, month} (aggregate {known = sum_known price, large = count_where (price > 5)})";
    let texts = BOTH.map(|dialect| sql(prql, dialect).unwrap());
    assert_snapshot!(texts.join("\n"), @r#"
    SELECT CAST("At" AS DATE) AS day, CAST(date_trunc('month', x_charge_date) AS DATE) AS month, SUM(CAST("Quantity" AS DECIMAL(38,18))) AS known, COUNT(CASE WHEN CAST("Quantity" AS DECIMAL(38,18)) > 5 THEN 1 END) AS large FROM t GROUP BY CAST("At" AS DATE), CAST(date_trunc('month', x_charge_date) AS DATE)
    SELECT CAST(`At` AS DATE) AS day, CAST(DATE_TRUNC(x_charge_date, MONTH) AS DATE) AS month, SUM(CAST(`Quantity` AS BIGNUMERIC(38,18))) AS known, COUNTIF(CAST(`Quantity` AS BIGNUMERIC(38,18)) > 5) AS large FROM t GROUP BY CAST(`At` AS DATE), CAST(DATE_TRUNC(x_charge_date, MONTH) AS DATE)
    "#);
}

#[test]
fn the_newest_version_of_each_row() {
    let prql = "from org_profiles\ngroup {org_slug} (newest)\nfilter status == 'ACTIVE'\nselect {org_slug, status}";
    let texts = BOTH.map(|dialect| sql(prql, dialect).unwrap());
    assert_snapshot!(texts.join("\n"), @r#"
    WITH table_0 AS (SELECT DISTINCT ON (org_slug) org_slug, status, version, row_id FROM org_profiles ORDER BY org_slug, version DESC, row_id) SELECT org_slug, status FROM table_0 WHERE status = 'ACTIVE' ORDER BY org_slug, version DESC, row_id
    WITH table_0 AS (SELECT org_slug, status, ROW_NUMBER() OVER (PARTITION BY org_slug ORDER BY version DESC, row_id) AS _expr_0 FROM org_profiles) SELECT org_slug, status FROM table_0 WHERE _expr_0 <= 1 AND status = 'ACTIVE'
    "#);
}
