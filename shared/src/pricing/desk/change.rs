//! Adding, replacing and forgetting own prices.

use axum::response::Response;
use http::StatusCode;
use jiff::ToSpan as _;
use serde_json::Map;

use super::{Changed, ModelPrices, PeriodForm, PeriodsForm, Prices};
use crate::{
    Error, Result,
    audit::By,
    claims::Answer,
    entities::{OwnModelPrices, next_version},
    error::Detail,
    http::Identity,
    org::OrgSlug,
    pricing::{OwnPrices, OwnRow},
    store::{Entity as _, Held, StoreExt as _, Write},
};

/// The longest name of a model.
const LONGEST: usize = 200;

/// Own prices as they are to be kept.
struct Written {
    prices: OwnModelPrices,
    /// The version that they replace.
    replaces: Option<i64>,
    write: Write,
}

impl Prices {
    /// Adds prices for a time. An earlier price without an end is ended the day before.
    ///
    /// # Errors
    ///
    /// 404 where there is no such provider, 409 where own prices begin on that day already, 422 with
    /// every mistake.
    pub async fn add(
        &self,
        org: &OrgSlug,
        provider: &str,
        (form, identity): (&PeriodForm, &Identity),
        by: By<'_>,
    ) -> Result<Response> {
        self.check_provider(provider)?;
        check_name(&form.model)?;
        self.claims
            .once(by.caller, identity, async |claim| {
                let held = self.held(org, provider, &form.model).await?;
                let mut periods =
                    held.as_ref().map(|it| it.value.periods.clone()).unwrap_or_default();
                insert(&mut periods, form.period.clone())?;
                let Written { prices, replaces, write } =
                    self.written(org, (provider, &form.model), periods, held)?;
                let view = self.view(&prices)?;
                let mut writes = vec![write];
                writes.extend(claim.done(StatusCode::CREATED, &view).await?);
                let changed = Changed {
                    org,
                    by,
                    action: "price.create",
                    prices: &prices,
                    replaces,
                    active: true,
                };
                self.commit(&changed, writes).await?;
                Ok(Answer::new(StatusCode::CREATED, &view)?)
            })
            .await
    }

    /// Replaces all own prices of a model.
    ///
    /// # Errors
    ///
    /// As [`Prices::add`].
    pub async fn replace(
        &self,
        org: &OrgSlug,
        (provider, model): (&str, &str),
        form: &PeriodsForm,
        by: By<'_>,
    ) -> Result<ModelPrices> {
        self.check_provider(provider)?;
        check_name(model)?;
        let mut rows = form.periods.clone();
        rows.sort_by_key(|row| row.from);
        let periods = OwnPrices(rows);
        check(&periods)?;
        let held = self.held(org, provider, model).await?;
        let Written { prices, replaces, write } =
            self.written(org, (provider, model), periods, held)?;
        let action = "price.replace";
        let changed = Changed { org, by, action, prices: &prices, replaces, active: true };
        self.commit(&changed, vec![write]).await?;
        self.view(&prices)
    }

    /// Forgets all own prices of a model: the shipped ones hold again.
    ///
    /// # Errors
    ///
    /// 404 where there is none.
    pub async fn forget(
        &self,
        org: &OrgSlug,
        (provider, model): (&str, &str),
        by: By<'_>,
    ) -> Result<()> {
        let missing = || Error::NotFound(format!("there is no own price of {provider}/{model}"));
        let mut held = self.held(org, provider, model).await?.ok_or_else(missing)?;
        let (delete, replaces) = (held.delete(), Some(held.value.version));
        held.value.version = next_version(held.value.version, self.clock.now());
        let (action, prices) = ("price.delete", &held.value);
        let changed = Changed { org, by, action, prices, replaces, active: false };
        self.commit(&changed, vec![delete]).await
    }

    async fn held(
        &self,
        org: &OrgSlug,
        provider: &str,
        model: &str,
    ) -> Result<Option<Held<OwnModelPrices>>> {
        let key = OwnModelPrices::key(org, provider, model);
        Ok(self.store.find(&key, self.clock.now()).await?)
    }

    /// The document with these periods, and its write.
    fn written(
        &self,
        org: &OrgSlug,
        (provider, model): (&str, &str),
        periods: OwnPrices,
        held: Option<Held<OwnModelPrices>>,
    ) -> Result<Written> {
        let now = self.clock.now();
        let replaces = held.as_ref().map(|held| held.value.version);
        let version = next_version(replaces.unwrap_or_default(), now);
        if let Some(mut held) = held {
            held.value = OwnModelPrices { periods, updated_at: now, version, ..held.value };
            let write = held.replace()?;
            return Ok(Written { prices: held.value, replaces, write });
        }
        let prices = OwnModelPrices {
            provider: provider.to_owned(),
            model: model.to_owned(),
            periods,
            created_at: now,
            updated_at: now,
            version,
            other: Map::new(),
        };
        let write = prices.create(OwnModelPrices::key(org, provider, model))?;
        Ok(Written { prices, replaces, write })
    }

    fn view(&self, prices: &OwnModelPrices) -> Result<ModelPrices> {
        let shipped = self.shipped.all()?.get(&prices.provider);
        Ok(ModelPrices::new(&prices.model, self.today(), shipped, Some(&prices.periods)))
    }
}

/// Puts a price among the others.
fn insert(periods: &mut OwnPrices, row: OwnRow) -> Result<()> {
    let OwnPrices(rows) = periods;
    if rows.iter().any(|it| it.from == row.from) {
        let message = format!("own prices of this model begin on {} already", row.from);
        return Err(Error::Conflict(message));
    }
    let at = rows.partition_point(|it| it.from < row.from);
    if let Some(before) = at.checked_sub(1).and_then(|at| rows.get_mut(at))
        && before.until.is_none()
    {
        before.until = row.from.checked_sub(1.day()).ok();
    }
    rows.insert(at, row);
    check(periods)
}

fn check(periods: &OwnPrices) -> Result<()> {
    let detail = |(field, message)| Detail { field, message };
    let mut details: Vec<_> = periods.mistakes().into_iter().map(detail).collect();
    if periods.0.is_empty() {
        let message = "send at least one period, or DELETE the prices".to_owned();
        details.push(Detail { field: "periods".to_owned(), message });
    }
    Error::check(details)
}

fn check_name(model: &str) -> Result<()> {
    let fits = (1..=LONGEST).contains(&model.chars().count()) && !model.contains(char::is_control);
    if fits {
        return Ok(());
    }
    Err(Error::invalid("model", "a model's name has 1 to 200 characters, none of them for control"))
}
