//! The statements that BigQuery is sent, word for word.

use std::time::Duration;

use convergence::warehouse::{
    ParamValue, Scope, ScopePart, SourceId, ViewSchema, WarehouseError,
    bigquery::sql::{self, Table},
};
use jiff::civil::{Date, date};

fn table(name: &str) -> Table {
    Table { project: "demo".into(), dataset: "acme_prod".into(), name: name.into() }
}

fn part(month: Option<Date>, days: Option<(Date, Date)>) -> ScopePart {
    ScopePart { month, days: days.map(|(start, end)| start..end) }
}

fn replace(parts: Vec<ScopePart>) -> Result<sql::Statement, WarehouseError> {
    let scope = Scope { source: SourceId::new("aws", "a"), parts };
    sql::replace(&table("focus_aws"), &table("_staging_1"), &["x_source_id", "Tags"], &scope)
}

#[test]
fn a_replace_is_one_merge_that_prunes_by_the_days_of_its_parts() {
    let september = Some(date(2024, 9, 1));
    let days = |from, to| Some((date(2024, 9, from), date(2024, 9, to)));
    let parts = vec![part(september, days(1, 30)), part(None, days(2, 3))];
    let statement = replace(parts).unwrap();
    let condition = "t.`x_charge_date` >= @from AND t.`x_charge_date` < @to AND \
                     t.`x_source_id` = @source AND \
                     ((t.`x_charge_date` >= @from_0 AND t.`x_charge_date` < @to_0 AND \
                     t.`x_billing_month` = @month_0) OR \
                     (t.`x_charge_date` >= @from_1 AND t.`x_charge_date` < @to_1))";
    let whole = format!(
        "MERGE `demo`.`acme_prod`.`focus_aws` AS t USING `demo`.`acme_prod`.`_staging_1` AS s \
         ON FALSE WHEN NOT MATCHED BY SOURCE AND {condition} THEN DELETE \
         WHEN NOT MATCHED THEN INSERT (`x_source_id`, `Tags`) VALUES (s.`x_source_id`, s.`Tags`)"
    );
    assert_eq!(statement.sql, whole);
    let names: Vec<_> = statement.params.keys().map(String::as_str).collect();
    assert_eq!(names, ["from", "from_0", "from_1", "month_0", "source", "to", "to_0", "to_1"]);
    assert_eq!(statement.params["from"], ParamValue::Date(date(2024, 9, 1)));
    assert_eq!(statement.params["to"], ParamValue::Date(date(2024, 9, 30)));
}

#[test]
fn a_part_without_days_may_have_rows_of_any_day() {
    let days = Some((date(2024, 9, 2), date(2024, 9, 3)));
    let statement = replace(vec![part(Some(date(2024, 8, 1)), None), part(None, days)]).unwrap();
    assert_eq!(statement.params["from"], ParamValue::Date(date(1, 1, 1)));
    assert!(!statement.params.contains_key("to"), "{statement:?}");
    let condition = "BY SOURCE AND t.`x_charge_date` >= @from AND t.`x_source_id` = @source AND \
                     ((t.`x_billing_month` = @month_0) OR \
                     (t.`x_charge_date` >= @from_1 AND t.`x_charge_date` < @to_1)) THEN DELETE";
    assert!(statement.sql.contains(condition), "{}", statement.sql);
}

#[test]
fn no_part_deletes_nothing_and_a_part_of_everything_is_refused() {
    let statement = replace(Vec::new()).unwrap();
    let added = "INSERT INTO `demo`.`acme_prod`.`focus_aws` (`x_source_id`, `Tags`) \
                 SELECT `x_source_id`, `Tags` FROM `demo`.`acme_prod`.`_staging_1`";
    assert_eq!((statement.sql.as_str(), statement.params.len()), (added, 0));
    let everything = replace(vec![part(None, None)]);
    assert!(matches!(everything, Err(WarehouseError::Incompatible(_))), "{everything:?}");
}

#[test]
fn names_are_quoted_whatever_they_contain() {
    let mut odd = table("x`; DROP TABLE y; --\\");
    odd.dataset = "d".to_owned();
    let kept = sql::keep(&odd, "SELECT 1", Duration::from_mins(1));
    assert_eq!(
        kept,
        "CREATE TABLE `demo`.`d`.`x\\`; DROP TABLE y; --\\\\` OPTIONS (expiration_timestamp = \
         TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 60 SECOND)) AS SELECT 1"
    );
    let view = ViewSchema {
        name: "costs".to_owned(),
        tables: vec!["focus_aws".to_owned(), "focus_gcp".to_owned()],
        columns: vec!["BilledCost".to_owned(), "Tags".to_owned()],
    };
    assert_eq!(
        sql::view(&table("costs"), &view),
        "CREATE OR REPLACE VIEW `demo`.`acme_prod`.`costs` AS \
         SELECT `BilledCost`, `Tags` FROM `demo`.`acme_prod`.`focus_aws` UNION ALL \
         SELECT `BilledCost`, `Tags` FROM `demo`.`acme_prod`.`focus_gcp`"
    );
}
