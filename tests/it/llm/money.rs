//! Amounts as LLM providers write them.

use convergence::{decimal::Decimal, llm::cents};
use proptest::prelude::*;

#[test]
fn cents_are_hundredths_and_nothing_is_divided() {
    for (text, expected) in [
        ("1234.5678", "12.345678"),
        ("0.01", "0.0001"),
        ("-250", "-2.5"),
        ("400", "4"),
        ("1e2", "1"),
        ("12.5e-3", "0.000125"),
        ("0.0000000000000001", "0.000000000000000001"),
    ] {
        assert_eq!(cents(text).unwrap().value.to_string(), expected, "{text}");
    }
    assert!(cents("0.00000000000000001").unwrap().rounded);
    for wrong in ["", "1,5", "abc", "1e", "1e99999999999", "12 34"] {
        assert!(cents(wrong).is_err(), "{wrong}");
    }
    assert!(cents(&"9".repeat(40)).is_err());
}

proptest! {
    #[test]
    fn a_hundred_times_what_cents_say_is_what_they_say(scaled in -10_i128.pow(34)..10_i128.pow(34)) {
        // Whole hundredths of the last decimal, so that nothing is rounded.
        let amount = Decimal::from_scaled(scaled * 100).unwrap();
        let read = cents(&amount.to_string()).unwrap();
        prop_assert!(!read.rounded);
        prop_assert_eq!(read.value.scaled(), scaled);
    }
}
