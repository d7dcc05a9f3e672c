//! The prices of one provider: as shipped, and an organization's own over them.

use std::collections::{BTreeMap, HashMap};

use super::{
    Missing, OwnPrices, PriceFile, Priced, Sheet, Usage,
    names::{without_edition, without_vendor},
};

/// Prices of a model with their time.
#[derive(Debug, Clone)]
pub struct Dated {
    /// The organization's own, by their first day.
    own: Vec<(super::OwnRow, Sheet)>,
    /// As shipped, whatever the day.
    shipped: Option<Sheet>,
}

/// The prices of one provider.
#[derive(Debug, Clone, Default)]
pub struct Book {
    provider: String,
    models: Vec<Dated>,
    /// Every name that is written somewhere.
    names: HashMap<String, usize>,
    /// Names without their edition: of several editions, the newest.
    bases: HashMap<String, usize>,
}

/// Which model of a book a name means, so that it need not be looked up for each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found(usize);

impl Book {
    /// Of the shipped prices and an organization's own, by model.
    #[must_use]
    pub fn new(
        provider: &str,
        shipped: Option<&PriceFile>,
        own: &BTreeMap<String, OwnPrices>,
    ) -> Self {
        let mut models: BTreeMap<&str, Dated> = BTreeMap::new();
        let empty = || Dated { own: Vec::new(), shipped: None };
        if let Some(file) = shipped {
            for (name, rows) in &file.models {
                models.entry(name).or_insert_with(empty).shipped =
                    Some(Sheet::new(&file.currency, rows));
            }
        }
        for (name, prices) in own {
            let with_sheet =
                |row: &super::OwnRow| (row.clone(), Sheet::new(&row.currency, &row.prices));
            models.entry(name).or_insert_with(empty).own =
                prices.0.iter().map(with_sheet).collect();
        }
        let mut book = Self { provider: provider.to_owned(), ..Self::default() };
        // In the order of names, so that a later edition takes the base from an earlier one.
        for (at, (name, dated)) in models.into_iter().enumerate() {
            book.names.insert(name.to_owned(), at);
            if let Some(base) = without_edition(name) {
                book.bases.insert(base.to_owned(), at);
            }
            book.models.push(dated);
        }
        book
    }

    /// Which model a name means: the one of that name; without a vendor before it; without the
    /// edition behind it; or the newest edition of that name. `None` where there is none.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Found> {
        if let Some(at) = self.names.get(name) {
            return Some(Found(*at));
        }
        let lower = name.to_lowercase();
        let plain = without_vendor(&lower, &self.provider);
        let base = without_edition(plain);
        let named = |name: &str| self.names.get(name);
        let at = named(plain).or_else(|| base.and_then(named)).or_else(|| self.bases.get(plain));
        // Of another edition than those that are known, the newest known one.
        at.or_else(|| self.bases.get(base?)).copied().map(Found)
    }

    /// What usage costs.
    ///
    /// # Errors
    ///
    /// Says which price is missing.
    pub fn price(&self, usage: &Usage<'_>) -> Result<Priced<'_>, Missing> {
        self.price_found(self.find(usage.model).ok_or(Missing::Model)?, usage)
    }

    /// What usage of a model that was found costs.
    ///
    /// # Errors
    ///
    /// As [`Book::price`].
    pub fn price_found(&self, found: Found, usage: &Usage<'_>) -> Result<Priced<'_>, Missing> {
        let dated = self.models.get(found.0).ok_or(Missing::Model)?;
        let own = dated.own.iter().find(|(row, _)| row.holds(usage.day));
        let sheet = own.map(|(_, sheet)| sheet).or(dated.shipped.as_ref()).ok_or(Missing::Day)?;
        let amount = sheet.price(usage)?;
        Ok(Priced { amount, currency: &sheet.currency, own: own.is_some() })
    }
}
