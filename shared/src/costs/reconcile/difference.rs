//! How far apart both sides are.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::civil::Date;

use super::{Reconciled, Reconciliation};
use crate::decimal::Decimal;

/// A period: whose month in which currency.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) source: String,
    pub(super) month: Date,
    pub(super) currency: String,
}

impl Key {
    pub(super) fn of(period: &Reconciled) -> Self {
        let Reconciled { source, month, currency, .. } = period.clone();
        Self { source, month, currency }
    }
}

/// What one side says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) amount: Option<Decimal>,
    pub(super) rows: u64,
}

pub(super) type Sides = BTreeMap<Key, Side>;

/// Every period that either side has.
pub(super) fn compare(
    it: &Reconciliation,
    ours: &Sides,
    theirs: &Sides,
) -> anyhow::Result<Vec<Reconciled>> {
    let keys: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    let period = |key: &Key| {
        let side = |sides: &Sides| sides.get(key).copied().unwrap_or_default();
        let (ours, theirs) = (side(ours), side(theirs));
        let difference = less(ours.amount, theirs.amount)?;
        let passed = Some(distance(difference) <= it.tolerance);
        let difference = Some(difference);
        let (provider, provider_rows) = (Some(theirs.amount.unwrap_or_default()), theirs.rows);
        let compared_with = Some(it.raw.clone());
        Ok(Reconciled {
            provider,
            provider_rows,
            difference,
            passed,
            compared_with,
            ..only(key, ours)
        })
    };
    keys.into_iter().map(period).collect()
}

/// The periods that no reconciliation is about: nobody says what they should be.
pub(super) fn alone(ours: &Sides, compared: &[Reconciled]) -> Vec<Reconciled> {
    let compared: BTreeSet<Key> = compared.iter().map(Key::of).collect();
    let rest = ours.iter().filter(|(key, _)| !compared.contains(*key));
    rest.map(|(key, side)| only(key, *side)).collect()
}

fn only(key: &Key, ours: Side) -> Reconciled {
    let Key { source, month, currency } = key.clone();
    Reconciled {
        source,
        month,
        currency,
        ours: ours.amount,
        our_rows: ours.rows,
        provider: None,
        provider_rows: 0,
        difference: None,
        passed: None,
        compared_with: None,
        lines: Vec::new(),
    }
}

/// Where the periods that differ too much are, those furthest apart first.
pub(super) fn furthest(compared: &[Reconciled]) -> Vec<usize> {
    let failed = |at: &usize| compared[*at].passed == Some(false);
    let mut failed: Vec<_> = (0..compared.len()).filter(failed).collect();
    failed.sort_by_key(|at| {
        std::cmp::Reverse(distance(compared[*at].difference.unwrap_or_default()))
    });
    failed
}

/// Ours less theirs; what is unknown counts as nothing.
pub(super) fn less(ours: Option<Decimal>, theirs: Option<Decimal>) -> anyhow::Result<Decimal> {
    let difference = ours.unwrap_or_default().checked_sub(theirs.unwrap_or_default());
    difference.context("a difference has too many digits")
}

/// How far it is from nothing.
pub(super) fn distance(difference: Decimal) -> Decimal {
    if difference < Decimal::ZERO {
        Decimal::ZERO.checked_sub(difference).unwrap_or(difference)
    } else {
        difference
    }
}
