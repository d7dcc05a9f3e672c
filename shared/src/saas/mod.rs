//! SaaS subscriptions that an organization pays to somebody: what each costs on each day, and what
//! is billed when.
//!
//! A subscription is billed at the start of each cycle and used day by day. Both are lines: the bill
//! on its day, and a share of it on every day of the cycle. Within a cycle the shares add up to what
//! was billed, to the last decimal, whatever changes in between.

mod agreement;
mod charge;
mod cycle;
mod period;
mod products;
mod rows;
mod subscriptions;
mod terms;

pub use self::{
    agreement::{Agreement, Mistake},
    charge::{Charge, Kind},
    cycle::{Cycle, Unit},
    products::{PRODUCTS, Product, Products, ShippedProducts},
    rows::{Account, batch},
    subscriptions::{ChangeForm, SubscriptionForm, SubscriptionView, Subscriptions, VersionView},
    terms::{Discount, Spread, Terms},
};

/// A total of a subscription that has more digits than an amount can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount has too many digits")]
pub struct TooLarge;
