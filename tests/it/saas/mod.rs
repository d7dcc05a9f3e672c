//! SaaS subscriptions: what they cost, how they are kept, and how they get into costs.

mod changes;
mod crashes;
mod cycles;
mod http;
mod pipeline;
mod products;
mod sums;

use convergence::{
    decimal::Decimal,
    saas::{Agreement, Charge, Cycle, Discount, Kind, Terms},
};
use jiff::civil::Date;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Terms of one seat without a discount.
fn terms(effective: &str, price: &str, cycle: &str) -> Terms {
    let cycle: Cycle = cycle.parse().unwrap();
    let (effective, price) = (day(effective), amount(price));
    Terms { effective, seats: 1, price, cycle, discount: Discount::None }
}

/// A subscription from its first terms on, without trial or end.
fn agreement(terms: &[Terms]) -> Agreement<'_> {
    Agreement { start: terms[0].effective, trial_end: None, end: None, terms }
}

fn charges(of: &Agreement<'_>, from: &str, to: &str) -> Vec<Charge> {
    of.charges(&(day(from)..day(to))).unwrap()
}

fn sum(charges: &[Charge], of: impl Fn(&Charge) -> Decimal) -> Decimal {
    charges.iter().fold(Decimal::ZERO, |sum, it| sum.checked_add(of(it)).unwrap())
}

/// What is billed, with its day.
fn bills(charges: &[Charge]) -> Vec<(String, String)> {
    let billed = charges.iter().filter(|charge| charge.kind != Kind::Day);
    billed.map(|it| (it.date().to_string(), it.billed.to_string())).collect()
}

fn of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(day, amount)| ((*day).to_owned(), (*amount).to_owned())).collect()
}
