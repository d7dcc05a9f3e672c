//! What tokens cost: prices by provider, model, tier and kind of token, and usage priced by them.
//!
//! Nothing here reads or waits: a [`Book`] is made of texts and of an organization's own prices, and
//! prices a row of usage in well under a microsecond. Every product is exact: prices have at most 12
//! decimals for a million tokens, so 18 for one. What has no price is [`Missing`], never nothing.

mod book;
mod desk;
mod names;
mod own;
mod sheet;
mod usage;
mod written;

pub use self::{
    book::{Book, Dated, Found},
    desk::{ModelPrices, PeriodForm, PeriodsForm, Prices, ShippedPrices},
    own::{Gap, OwnPrices, OwnRow},
    sheet::{DECIMALS, Sheet, Step},
    usage::{Missing, Priced, Tier, TokenKind, Usage},
    written::{PriceFile, PriceRow, Rows, read_all},
};
