//! Amounts to BIGNUMERIC's 76 digits and back.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Decimal128Array, Decimal256Array},
    datatypes::i256,
};
use convergence::{
    decimal::Decimal,
    warehouse::{
        WarehouseError,
        bigquery::decimals::{WIDE, narrow, widen},
    },
};
use proptest::prelude::*;

fn ours(scaled: &[Option<i128>], scale: i8) -> Decimal128Array {
    let array: Decimal128Array = scaled.iter().copied().collect();
    array.with_precision_and_scale(38, scale).unwrap()
}

fn wide(digits: &str) -> ArrayRef {
    let array = Decimal256Array::from(vec![i256::from_string(digits).unwrap()]);
    Arc::new(array.with_precision_and_scale(WIDE.0, WIDE.1).unwrap())
}

proptest! {
    #[test]
    fn every_amount_comes_back_as_it_was(scaled in any::<i128>()) {
        let amount = Decimal::from_scaled(scaled % 10_i128.pow(38)).unwrap().scaled();
        let there = ours(&[Some(amount), None], 18);
        let back = narrow(&(Arc::new(widen(&there).unwrap()) as ArrayRef)).unwrap();
        prop_assert_eq!(&back, &there);
        // The emulator answers with the narrow type.
        prop_assert_eq!(narrow(&(Arc::new(there.clone()) as ArrayRef)).unwrap(), there);
    }
}

#[test]
fn whole_numbers_and_cents_widen_to_the_same_amounts() {
    let one = widen(&ours(&[Some(1)], 0)).unwrap();
    let cents = widen(&ours(&[Some(100)], 2)).unwrap();
    assert_eq!(one, cents);
    assert_eq!(one.value_as_string(0), format!("1.{}", "0".repeat(38)));
}

#[test]
fn digits_that_do_not_fit_are_refused_not_rounded() {
    let zeros = |count: usize| "0".repeat(count);
    let refused = [
        format!("1{}", zeros(19)),
        format!("1{}", zeros(58)),
        format!("-1{}", zeros(58)),
        format!("1{}1", zeros(37)),
    ];
    for digits in refused {
        let found = narrow(&wide(&digits));
        assert!(matches!(found, Err(WarehouseError::Query(_))), "{digits}: {found:?}");
    }
    let smallest = narrow(&wide(&format!("1{}", zeros(20)))).unwrap();
    assert_eq!(smallest.value(0), 1);
    let largest = narrow(&wide(&format!("{}{}", "9".repeat(38), zeros(20)))).unwrap();
    assert_eq!(largest.value(0), 10_i128.pow(38) - 1);
}
