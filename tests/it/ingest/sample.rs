//! The real file: 1,000 rows of three providers.

use insta::assert_snapshot;
use jiff::civil::date;

use super::{file, read};

/// The sums were computed by Python's `decimal` over the file's own text.
#[test]
fn sums_are_those_of_the_text() {
    let sample = read(file("demo/focus-1.0-sample-1000.csv").unwrap()).unwrap();
    let usd = &sample.report.currencies["USD"];
    assert_eq!((sample.report.currencies.len(), usd.rows, sample.report.rejected), (1, 1_000, 0));
    let sum = |column| {
        let sum = usd.costs[column];
        format!("{} without {}", sum.total.unwrap(), sum.missing)
    };
    assert_snapshot!(sum("BilledCost"), @"20.52022672899 without 0");
    assert_snapshot!(sum("EffectiveCost"), @"14.97651418586 without 0");
    assert_snapshot!(sum("ListCost"), @"20.39090575119 without 0");
    assert_snapshot!(sum("ContractedCost"), @"14.97626039326 without 7");
}

#[test]
fn months_days_and_bent_rules_are_told() {
    let sample = read(file("demo/focus-1.0-sample-1000.csv").unwrap()).unwrap();
    assert_eq!(sample.version.as_str(), "1.0");
    let months: Vec<_> = sample.report.months.iter().collect();
    assert_eq!(months, [(&date(2024, 9, 1), &999), (&date(2024, 10, 1), &1)]);
    assert_snapshot!(sample.notices(), @r#"
    8973 × null_word: ChargeClass in line 2
    4000 × time_without_zone: BillingPeriodEnd "2024-10-01 00:00:00"
    7 × spelling: ChargeFrequency "Usage-based" in line 927
    1 × unknown_column: Id
    "#);
    let extra = sample.column("x_extra");
    assert_snapshot!(extra[0], @r#"{"Id":"11472","PublisherName":"Amazon Web Services, Inc."}"#);
    assert_eq!(sample.column("ServiceProviderName")[0], "AWS");
}
