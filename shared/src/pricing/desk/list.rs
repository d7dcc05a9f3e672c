//! The prices of a provider as they are shown.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use jiff::{civil::Date, tz::TimeZone};
use serde::Serialize;
use utoipa::ToSchema;

use super::Prices;
use crate::{
    Error, Result,
    entities::OwnModelPrices,
    http::ListBody,
    org::OrgSlug,
    pricing::{Gap, OwnPrices, OwnRow, PriceFile, Rows},
    store::PageRequest,
};

/// The prices of a model on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ModelPrices {
    /// The model, as the provider calls it.
    model: String,
    /// The day.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// Whose prices hold on the day: `own`, `shipped`, or null where none does.
    in_force: Option<&'static str>,
    /// ISO 4217; null where no price holds.
    currency: Option<String>,
    /// The prices that hold on the day, for 1,000,000 tokens.
    prices: Rows,
    /// Where the shipped prices are from.
    source: Option<String>,
    /// When the shipped prices were taken; the source has no history.
    #[schema(value_type = Option<String>, format = Date)]
    as_of: Option<Date>,
    /// The organization's own prices.
    own: Vec<OwnRow>,
    /// Days between own prices on which none of them holds.
    gaps: Vec<Gap>,
}

impl ModelPrices {
    /// Of a model that has own prices, or shipped ones, or both.
    pub(super) fn new(
        model: &str,
        date: Date,
        shipped: Option<&PriceFile>,
        own: Option<&OwnPrices>,
    ) -> Self {
        let shipped = shipped.and_then(|file| Some((file, file.models.get(model)?)));
        let own_now = own.and_then(|own| own.0.iter().find(|row| row.holds(date)));
        let (in_force, currency, prices) = match (own_now, shipped) {
            (Some(row), _) => (Some("own"), Some(row.currency.clone()), row.prices.clone()),
            (None, Some((file, rows))) => {
                (Some("shipped"), Some(file.currency.clone()), rows.clone())
            }
            (None, None) => (None, None, Rows::new()),
        };
        Self {
            model: model.to_owned(),
            date,
            in_force,
            currency,
            prices,
            source: shipped.map(|(file, _)| file.source.clone()),
            as_of: shipped.map(|(file, _)| file.as_of),
            own: own.map(|own| own.0.clone()).unwrap_or_default(),
            gaps: own.map(OwnPrices::gaps).unwrap_or_default(),
        }
    }
}

impl Prices {
    /// A page of the models of a provider that have a price, by name, with what holds on a day.
    ///
    /// # Errors
    ///
    /// 404 where there is no such provider, 422 where `date` is no day.
    pub async fn list(
        &self,
        org: &OrgSlug,
        provider: &str,
        date: Option<&str>,
        page: PageRequest,
    ) -> Result<ListBody<ModelPrices>> {
        self.check_provider(provider)?;
        let date = self.day(date)?;
        let shipped = self.shipped.all()?.get(provider);
        let own: BTreeMap<String, OwnPrices> = self
            .own(org, provider)
            .await?
            .into_iter()
            .map(|OwnModelPrices { model, periods, .. }| (model, periods))
            .collect();
        let names: BTreeSet<&str> = shipped
            .into_iter()
            .flat_map(|file| file.models.keys())
            .chain(own.keys())
            .map(String::as_str)
            .collect();
        let after = page.after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut rest = names.range::<str, _>((after, Bound::Unbounded));
        let models: Vec<&str> = rest.by_ref().take(page.limit).copied().collect();
        let next = rest.next().and(models.last()).map(|last| (*last).to_owned());
        let show = |model: &&str| ModelPrices::new(model, date, shipped, own.get(*model));
        Ok(ListBody::new(models.iter().map(show).collect(), next))
    }

    fn day(&self, text: Option<&str>) -> Result<Date> {
        let Some(text) = text else { return Ok(self.today()) };
        let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
        day.ok_or_else(|| Error::invalid("date", format!("`{text}` is no day, as `YYYY-MM-DD`")))
    }

    /// The UTC day that it is.
    pub(super) fn today(&self) -> Date {
        TimeZone::UTC.to_datetime(self.clock.now()).date()
    }
}
