//! Amounts: exact, or refused.

use convergence::decimal::{Decimal, DecimalError};
use proptest::prelude::*;

#[test]
fn what_is_no_plain_number_is_refused() {
    for text in [
        "", "-", ".", "1_000", "0x10", " 1.5", "1.5 ", "NaN", "inf", "1,5", "1e", "1e+", "--1",
        "1.2.3", "٣",
    ] {
        assert_eq!(text.parse::<Decimal>(), Err(DecimalError::NotANumber), "{text}");
    }
    let (forty, cents) = ("9".repeat(40), format!("{}e-2", "9".repeat(40)));
    for text in [
        "1e400",
        "100000000000000000000",
        "-1e20",
        "99999999999999999999.9999999999999999995",
        &forty,
        &cents,
    ] {
        assert_eq!(text.parse::<Decimal>(), Err(DecimalError::TooLarge), "{text}");
    }
}

#[test]
fn digits_beyond_the_18th_are_rounded_half_to_even_and_said() {
    let cases = [
        ("0.0000000000000000005", "0", true),
        ("0.0000000000000000015", "0.000000000000000002", true),
        ("0.0000000000000000025", "0.000000000000000002", true),
        ("0.00000000000000000250000001", "0.000000000000000003", true),
        ("1e-19", "0", true),
        ("-6e-19", "-0.000000000000000001", true),
        ("1.2e-7", "0.00000012", false),
        ("+.5", "0.5", false),
        ("1.10000000000000000000000", "1.1", false),
        ("0e99999", "0", false),
    ];
    for (text, value, rounded) in cases {
        let reading = Decimal::read(text.as_bytes()).unwrap();
        assert_eq!(
            (reading.value.to_string().as_str(), reading.rounded),
            (value, rounded),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn every_amount_reads_back_from_its_text(scaled in -(10_i128.pow(38) - 1)..10_i128.pow(38)) {
        let amount = Decimal::from_scaled(scaled).unwrap();
        prop_assert_eq!(amount.to_string().parse::<Decimal>().unwrap(), amount);
    }

    #[test]
    fn any_bytes_are_read_or_refused(text in proptest::collection::vec(any::<u8>(), 0..60)) {
        let _ = Decimal::read(&text);
    }
}
