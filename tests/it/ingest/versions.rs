//! Every version of FOCUS that is read becomes 1.4.

use convergence::focus::Version;

use super::{file, over, read};
use convergence::ingest::Limits;

#[test]
fn every_version_is_told_by_its_columns() {
    for version in Version::READ {
        let read = read(file(&format!("tests/data/focus/focus-{version}.csv")).unwrap()).unwrap();
        // The file of 1.2 has no column that 1.0 lacks: such a file needs to be told.
        assert_eq!(read.version, if version == Version::V1_2 { Version::V1_0 } else { version });
        assert!(read.report.rows > 0 && read.report.rejected == 0, "{version}: {read:?}");
    }
}

#[test]
fn the_old_provider_becomes_the_service_provider_and_another_publisher_is_kept() {
    let text = "BilledCost,BillingCurrency,ChargePeriodStart,ProviderName,PublisherName\n\
                1,USD,2026-05-01T00:00:00Z,AWS,AWS\n\
                2,USD,2026-05-01T00:00:00Z,AWS,Datadog\n";
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_eq!(read.column("ServiceProviderName"), ["AWS", "AWS"]);
    assert_eq!(read.column("x_extra"), ["~", r#"{"PublisherName":"Datadog"}"#]);
}

#[test]
fn with_both_names_the_new_one_counts_and_the_other_is_kept() {
    let text = "BilledCost,BillingCurrency,ChargePeriodStart,ProviderName,ServiceProviderName\n\
                1,USD,2026-05-01T00:00:00Z,Google Cloud,Datadog\n";
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_eq!(read.version, Version::V1_3);
    assert_eq!(read.column("ServiceProviderName"), ["Datadog"]);
    assert_eq!(read.column("x_extra"), [r#"{"ProviderName":"Google Cloud"}"#]);
}

#[test]
fn nothing_is_invented() {
    let text = "BilledCost,BillingCurrency,ChargePeriodStart\n1,USD,2026-05-01T00:00:00Z\n";
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_eq!(read.batch.num_columns(), 3 + 3);
    assert_eq!(read.report.currencies["USD"].costs["EffectiveCost"].missing, 1);
    assert_eq!(read.column("x_extra"), ["~"]);
}
