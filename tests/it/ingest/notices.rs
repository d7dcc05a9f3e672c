//! What can be read in one way only is read, and said.

use convergence::ingest::Limits;
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
