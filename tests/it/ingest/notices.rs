//! What can be read in one way only is read, and said.

use convergence::{
    ingest::{Limits, TableReader, from_reader},
    warehouse::{Batches as _, Field},
};
use insta::assert_snapshot;

use super::{over, read};

#[test]
fn bent_spellings_are_read_and_counted() {
    let text = "billedcost,BillingCurrency,ChargePeriodStart,BillingPeriodStart,ChargeFrequency,Tags,Team\n\
                1.0000000000000000005,usd,2026-05-01 10:00:00,NULL,Usage-based,\"{\"\"b\"\":1, \"\"a\"\": 2}\",core\n\
                2,USD,2026-05-31T23:00:00-02:00,2026-05-01T00:00:00Z,Recurring,plain,\n";
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_snapshot!(read.notices(), @r#"
    1 × decimals_rounded: BilledCost "1.0000000000000000005" in line 2; largest residue 500e-21
    1 × null_word: BillingPeriodStart in line 2
    1 × time_without_zone: ChargePeriodStart "2026-05-01 10:00:00"
    1 × spelling: ChargeFrequency "Usage-based" in line 2
    1 × currency_in_lowercase: BillingCurrency "usd" in line 2
    1 × header_spelling: `billedcost` for BilledCost
    1 × billing_month_from_charge: line 2
    1 × json_kept_as_text: Tags "plain" in line 3
    1 × unknown_column: Team
    "#);
    assert_eq!(read.column("BillingCurrency"), ["USD", "USD"]);
    assert_eq!(read.column("BilledCost"), ["1.000000000000000000", "2.000000000000000000"]);
    assert_eq!(read.column("ChargeFrequency"), ["Usage-Based", "Recurring"]);
    assert_eq!(read.column("Tags"), [r#"{"a":2,"b":1}"#, r#""plain""#]);
    assert_eq!(read.column("x_extra"), [r#"{"Team":"core"}"#, "~"]);
    assert_eq!(read.column("x_charge_date"), ["2026-05-01", "2026-06-01"]);
    assert_eq!(read.column("x_billing_month"), ["2026-05-01", "2026-05-01"]);
}

#[test]
fn the_largest_residue_of_rounding_is_told() {
    let text = "BilledCost,BillingCurrency,ChargePeriodStart\n\
                0.1234567890123456781,USD,2026-05-01T00:00:00Z\n\
                0.12345678901234567849,USD,2026-05-01T00:00:00Z\n\
                0.1234567890123456787,USD,2026-05-01T00:00:00Z\n";
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_snapshot!(read.notices(), @r#"
    3 × decimals_rounded: BilledCost "0.1234567890123456781" in line 2; largest residue 490e-21
    3 × billing_month_from_charge: line 2
    "#);
}

#[test]
fn a_column_without_a_name_is_kept_under_its_place_and_told() {
    let text = ",BilledCost,BillingCurrency,ChargePeriodStart,BillingPeriodStart,\n\
                0,1,USD,2026-05-01T00:00:00Z,2026-05-01T00:00:00Z,late\n\
                1,2,USD,2026-05-01T00:00:00Z,2026-05-01T00:00:00Z,\n";
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_eq!((read.report.rows, read.report.rejected), (2, 0));
    let kept = [r#"{"unnamed_1":"0","unnamed_6":"late"}"#, r#"{"unnamed_1":"1"}"#];
    assert_eq!(read.column("x_extra"), kept);
    assert_snapshot!(read.notices(), @"2 × unknown_column: unnamed_1, unnamed_6");
}

#[test]
fn a_name_that_is_taken_is_not_given_to_another_column() {
    let text = "BilledCost,BillingCurrency,ChargePeriodStart,unnamed_5, \n\
                1,USD,2026-05-01T00:00:00Z,a,b\n";
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_eq!(read.column("x_extra"), [r#"{"unnamed_5":"a","unnamed_5_":"b"}"#]);
}

/// What a table of one column, `a`, is told of a file.
fn told_of_table(text: &'static str) -> Result<String, String> {
    let field: Field = serde_json::from_str(r#"{"name":"a","type":"STRING"}"#).unwrap();
    let read = Box::new(text.as_bytes());
    let blocks = from_reader(read, &["a".to_owned()], Limits::default());
    let blocks = blocks.map_err(|refused| format!("{}: {refused}", refused.code))?;
    let reader = TableReader::over(blocks, &[field]).map_err(|refused| refused.to_string())?;
    while reader.next().unwrap().is_some() {}
    let notices = reader.report().notices.into_iter();
    let lines = notices.map(|it| format!("{} × {}: {}", it.count, it.kind, it.sample));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_table_is_told_of_columns_without_a_name_and_of_members_that_come_late() {
    assert_snapshot!(told_of_table("a,\nx,1\n").unwrap(), @"1 × column_not_kept: unnamed_2");
    let lines = [r#"{"a":"x","b":1}"#, r#"{"a":"y","":2}"#].join("\n");
    assert_snapshot!(told_of_table(lines.leak()).unwrap(), @r#"
    1 × column_not_kept: b
    1 × members_not_kept: {"":2} in line 2
    "#);
}

#[test]
fn a_table_takes_no_header_that_has_a_name_twice() {
    let refused = told_of_table("a,b,a,b\n1,2,3,4\n").unwrap_err();
    assert_snapshot!(refused, @"duplicate_header: the header has `a`, `b` more than once");
}
