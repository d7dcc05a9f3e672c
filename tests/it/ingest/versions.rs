//! Every version of FOCUS that is read becomes 1.4.

use convergence::focus::Version;

use super::{file, over, read, told};
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

#[test]
fn columns_that_every_file_of_a_version_has_are_missed() {
    let missing = |path: &str| {
        let report = read(file(path).unwrap()).unwrap().report;
        let notice = report.notices.iter().find(|notice| notice.kind == "mandatory_column_missing");
        notice.map(|notice| format!("{} ({})", notice.sample, notice.count))
    };
    assert_eq!(missing("demo/focus-1.0-sample-1000.csv"), None);
    assert_eq!(missing("tests/data/focus/focus-1.4.csv"), None);
    let lacking = missing("tests/data/focus/null-chargeperiodstart.csv").unwrap();
    assert_eq!(
        lacking,
        "BillingAccountName, ChargeClass, ChargeDescription, HostProviderName, PricingQuantity, PricingUnit (6)"
    );
}

#[test]
fn json_lines_show_their_version_and_what_they_lack_by_their_members() {
    let line = |more: &str| {
        format!(
            r#"{{"BilledCost":"1","BillingCurrency":"USD","ChargePeriodStart":"2026-05-01T00:00:00Z"{more}}}"#
        )
    };
    let version = |text: String| over(text, Limits::default()).unwrap().version();
    assert_eq!(version(line("")), Version::V1_0);
    assert_eq!(version(line(r#","InvoiceId":"i""#)), Version::V1_2);
    assert_eq!(version(line(r#","InvoiceDetailId":"i""#)), Version::V1_4);
    let refusal = |text: &str| over(text, Limits::default()).err().unwrap().code;
    assert_eq!(refusal(r#"{"name":"a","size":1}"#), "not_focus");
    assert_eq!(refusal(r#"{"BilledCost":1,"BillingCurrency":"USD"}"#), "missing_column");
}

#[test]
fn a_file_that_mixes_versions_is_read_and_told() {
    let mixed = |columns: &str| {
        let text = format!(
            "BilledCost,BillingCurrency,ChargePeriodStart,{columns}\n1,USD,2026-05-01T00:00:00Z,a,b\n"
        );
        let read = read(over(&*text, Limits::default()).unwrap()).unwrap();
        let mut notices = read.report.notices.into_iter();
        notices.find(|it| it.kind == "mixed_versions").map(|it| (it.count, it.sample))
    };
    let told = mixed("ProviderName,InvoiceDetailId");
    assert_eq!(told, Some((1, "ProviderName, until 1.3".to_owned())));
    // 1.3 has both names.
    assert_eq!(mixed("ProviderName,ServiceProviderName"), None);
}

#[test]
fn a_version_that_is_told_and_not_shown_is_a_mix() {
    let text = "BilledCost,BillingCurrency,ChargePeriodStart,ProviderName,InvoiceId\n\
                1,USD,2026-05-01T00:00:00Z,AWS,i\n";
    let told = |version| {
        let reader = told(text, version).unwrap();
        reader
            .report()
            .notices
            .into_iter()
            .find(|it| it.kind == "mixed_versions")
            .map(|it| it.sample)
    };
    assert_eq!(told(Version::V1_0).as_deref(), Some("InvoiceId, of 1.2"));
    assert_eq!(told(Version::V1_2), None);
    assert_eq!(told(Version::V1_4).as_deref(), Some("ProviderName, until 1.3"));
}

#[test]
fn rows_of_an_older_version_between_newer_ones_keep_their_provider() {
    let text = "BilledCost,BillingCurrency,ChargePeriodStart,ProviderName,ServiceProviderName\n\
                1,USD,2026-05-01T00:00:00Z,AWS,\n2,USD,2026-05-01T00:00:00Z,,Datadog\n";
    let read = read(over(text, Limits::default()).unwrap()).unwrap();
    assert_eq!(read.column("ServiceProviderName"), ["AWS", "Datadog"]);
    assert_eq!(read.column("x_extra"), ["~", "~"]);
    let told = read.report.notices.iter().find(|it| it.kind == "mixed_versions").unwrap();
    assert_eq!((told.count, told.sample.as_str()), (1, r#"ServiceProviderName "AWS" in line 2"#));
}
