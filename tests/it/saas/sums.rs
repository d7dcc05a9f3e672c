//! Sums that hold for every subscription, whatever its prices, days, discounts and changes.

use convergence::{
    decimal::Decimal,
    saas::{Agreement, Charge, Cycle, Discount, Kind, Terms, Unit},
};
use jiff::{Span, civil::Date};
use proptest::prelude::*;

use super::sum;

fn days(from: Date, days: i64) -> Date {
    from.checked_add(Span::new().days(days)).unwrap()
}

fn a_day() -> impl Strategy<Value = Date> {
    // Many of them near the ends of months.
    (2023_i16..2029, 1_i8..=12, 1_i8..=31).prop_map(|(year, month, day)| {
        let first = Date::new(year, month, 1).unwrap();
        Date::new(year, month, day.min(first.days_in_month())).unwrap()
    })
}

fn a_cycle() -> impl Strategy<Value = Cycle> {
    prop_oneof![
        Just(Cycle::MONTHLY),
        Just(Cycle::QUARTERLY),
        Just(Cycle::ANNUAL),
        (1_u16..400).prop_map(|days| Cycle::of(days, Unit::Day).unwrap()),
        (2_u16..30).prop_map(|months| Cycle::of(months, Unit::Month).unwrap()),
    ]
}

/// Up to 10 decimals, and up to 4 of a percentage.
fn a_price() -> impl Strategy<Value = Decimal> {
    (0_i128..100_000_000_000_000)
        .prop_map(|units| Decimal::from_scaled(units * 100_000_000).unwrap())
}

fn a_percentage() -> impl Strategy<Value = Decimal> {
    (0_i128..=1_000_000)
        .prop_map(|units| Decimal::from_scaled(units * 100_000_000_000_000).unwrap())
}

prop_compose! {
    fn some_terms()(
        seats in 1_u32..3_000,
        price in a_price(),
        cycle in a_cycle(),
        percent in proptest::option::of(a_percentage()),
    ) -> Terms {
        let discount = percent.map_or(Discount::None, Discount::Percent);
        Terms { effective: Date::ZERO, seats, price, cycle, discount }
    }
}

/// Terms with days of their own, the first on the first day.
fn versions() -> impl Strategy<Value = Vec<Terms>> {
    let later = proptest::collection::vec((1_i64..200, some_terms(), any::<bool>()), 0..5);
    (a_day(), some_terms(), later).prop_map(|(start, first, later)| {
        let mut all = vec![Terms { effective: start, ..first }];
        for (after, terms, same_cycle) in later {
            let last = all.last().unwrap();
            let cycle = if same_cycle { last.cycle } else { terms.cycle };
            let effective = days(last.effective, after);
            all.push(Terms { effective, cycle, ..terms });
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_days_of_a_cycle_add_up_to_its_price_exactly(
        start in a_day(),
        terms in some_terms(),
        n in 0_i32..20,
    ) {
        let terms = [Terms { effective: start, ..terms }];
        let agreement = Agreement { start, trial_end: None, end: None, terms: &terms };
        let cycle = terms[0].cycle;
        let window = cycle.start(start, n)..cycle.start(start, n + 1);
        let charges = agreement.charges(&window).unwrap();
        // By whole numbers of the 18th decimal, without the product's own arithmetic.
        let list = terms[0].price.scaled() * i128::from(terms[0].seats);
        let net = match terms[0].discount {
            Discount::Percent(percent) => {
                let left = 100 * 10_i128.pow(4) - percent.scaled() / 10_i128.pow(14);
                list / 10_i128.pow(8) * left * 100
            }
            _ => list,
        };
        prop_assert_eq!(sum(&charges, |it| it.effective).scaled(), net);
        prop_assert_eq!(sum(&charges, |it| it.list).scaled(), list);
        prop_assert_eq!(sum(&charges, |it| it.billed).scaled(), net);
        prop_assert_eq!(charges[0].kind, Kind::Bill);
        let shares: Vec<_> = charges[1..].iter().map(|it| it.effective).collect();
        prop_assert!(shares[..shares.len() - 1].windows(2).all(|two| two[0] == two[1]));
        prop_assert_eq!(shares.len(), usize::try_from((window.end - window.start).get_days()).unwrap());
    }

    #[test]
    fn what_was_billed_is_what_was_used_once_it_has_ended(
        versions in versions(),
        trial in proptest::option::of(0_i64..40),
        length in 0_i64..1_200,
    ) {
        let start = versions[0].effective;
        let end = days(start, length);
        let terms: Vec<_> = versions.into_iter().filter(|it| it.effective <= end).collect();
        let agreement = Agreement {
            start,
            trial_end: trial.map(|trial| days(start, trial)),
            end: Some(end),
            terms: &terms,
        };
        prop_assert_eq!(agreement.mistakes(), vec![]);
        let charges = agreement.charges(&(days(start, -10)..days(end, 500))).unwrap();
        prop_assert_eq!(sum(&charges, |it| it.billed), sum(&charges, |it| it.effective));
        let used: Vec<_> = charges.iter().filter(|it| it.kind == Kind::Day).map(Charge::date).collect();
        let expected = (agreement.paid_from()..=end).len_days();
        prop_assert_eq!(used.len(), expected, "one line for each day that is paid for");
        prop_assert!(charges.iter().all(|it| it.effective >= Decimal::ZERO && it.list >= it.effective));
    }

    #[test]
    fn days_asked_for_apart_are_those_asked_for_together(
        versions in versions(),
        before in 0_i64..500,
        cut in 0_i64..400,
        after in 0_i64..400,
    ) {
        let start = versions[0].effective;
        let agreement = Agreement { start, trial_end: None, end: None, terms: &versions };
        let from = days(start, before);
        let (middle, to) = (days(from, cut), days(from, cut + after));
        let mut apart = agreement.charges(&(from..middle)).unwrap();
        apart.extend(agreement.charges(&(middle..to)).unwrap());
        prop_assert_eq!(agreement.charges(&(from..to)).unwrap(), apart);
    }

    #[test]
    fn a_day_is_in_the_cycle_whose_first_day_came_last(
        anchor in a_day(),
        cycle in a_cycle(),
        after in 0_i64..3_000,
    ) {
        let day = days(anchor, after);
        let n = cycle.index(anchor, day).unwrap();
        prop_assert!(cycle.start(anchor, n) <= day && day < cycle.start(anchor, n + 1));
        prop_assert_eq!(cycle.index(anchor, days(anchor, -1)), None);
    }
}

trait LenDays {
    fn len_days(self) -> usize;
}

impl LenDays for std::ops::RangeInclusive<Date> {
    fn len_days(self) -> usize {
        usize::try_from((*self.end() - *self.start()).get_days() + 1).unwrap_or(0)
    }
}
