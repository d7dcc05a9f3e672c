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

#[test]
fn digits_that_128_bits_cannot_hold_are_too_large_and_never_another_number() {
    for digit in "123456789".chars() {
        for length in 21..80 {
            let text: String = std::iter::repeat_n(digit, length).collect();
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::TooLarge), "{text}");
            assert_eq!(
                format!("-{text}.5").parse::<Decimal>(),
                Err(DecimalError::TooLarge),
                "{text}"
            );
        }
    }
}

#[test]
fn products_and_quotients_are_rounded_half_to_even_and_too_large_ones_are_none() {
    let of = |text: &str| text.parse::<Decimal>().unwrap();
    let mul = |a: &str, b: &str| of(a).checked_mul(of(b)).map(|it| it.to_string());
    assert_eq!(mul("1.5", "-2.25").as_deref(), Some("-3.375"));
    assert_eq!(mul("0.000000000000000001", "0.5").as_deref(), Some("0"));
    assert_eq!(mul("0.000000000000000003", "0.5").as_deref(), Some("0.000000000000000002"));
    assert_eq!(mul("-0.000000000000000001", "0.51").as_deref(), Some("-0.000000000000000001"));
    assert_eq!(mul("99999999999999999999", "10"), None);
    let div = |a: &str, b: &str| of(a).checked_div(of(b)).map(|it| it.to_string());
    assert_eq!(div("1", "3").as_deref(), Some("0.333333333333333333"));
    assert_eq!(div("-2", "3").as_deref(), Some("-0.666666666666666667"));
    assert_eq!(div("2", "-3").as_deref(), Some("-0.666666666666666667"));
    assert_eq!(div("1", "0"), None);
    assert_eq!(div("99999999999999999999", "0.1"), None);
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

    #[test]
    fn what_is_multiplied_by_a_whole_number_divides_back(
        scaled in -10_i128.pow(27)..10_i128.pow(27),
        by in 1_u32..1_000_000,
    ) {
        let amount = Decimal::from_scaled(scaled).unwrap();
        let times = amount.checked_times(by.into()).unwrap();
        prop_assert_eq!(times.checked_div(Decimal::from_whole(by)), Some(amount));
        prop_assert_eq!(amount.checked_mul(Decimal::from_whole(by)), Some(times));
        prop_assert_eq!(times.share(by), amount);
        prop_assert_eq!(times.negated().share(by), amount.negated());
    }

    #[test]
    fn an_amount_needs_as_many_decimals_as_its_text_has(scaled in -10_i128.pow(37)..10_i128.pow(37)) {
        let amount = Decimal::from_scaled(scaled).unwrap();
        let text = amount.to_string();
        let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        prop_assert_eq!(amount.decimals() as usize, decimals);
    }
}
