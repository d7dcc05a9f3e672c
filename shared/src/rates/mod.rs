//! Rates between currencies: one for each month and pair, the same for ever.
//!
//! `configs/rates/ecb.csv` has, for each month, the euro reference rates of the European Central Bank
//! of the last day of publication before the month begins; `scripts/rates` makes it. A pair without
//! the euro is the quotient of its two rates, rounded at the 18th decimal.

use std::{collections::BTreeMap, sync::Arc, sync::OnceLock};

use anyhow::{Context as _, ensure};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Result, configs::Configs, decimal::Decimal};

/// Where the rates stand among the configs.
pub const RATES: &str = "rates/ecb.csv";
/// Where they are from.
pub const SOURCE: &str = "European Central Bank, euro reference rates";
const BASE: &str = "EUR";

/// The rate of a pair in a month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct Rate {
    /// The first day of the month that it holds in.
    #[schema(value_type = String, format = Date)]
    pub month: Date,
    /// ISO 4217.
    pub from: String,
    /// ISO 4217.
    pub to: String,
    /// How much of `to` one of `from` is.
    #[schema(value_type = String)]
    pub rate: Decimal,
    /// Where it is from.
    pub source: &'static str,
    /// The day on which it was published.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
}

/// The rates of a month: how much of each currency one euro is.
#[derive(Debug, Clone)]
struct Month {
    published: Date,
    per_euro: BTreeMap<String, Decimal>,
}

/// All rates, by the first day of their month.
#[derive(Debug, Clone, Default)]
pub struct Rates(BTreeMap<Date, Month>);

impl Rates {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// Says in which line it is wrong.
    pub fn read(configs: &Configs) -> anyhow::Result<Self> {
        let text = configs.get(RATES).unwrap_or_default();
        let mut lines = text.lines().enumerate();
        let Some((_, header)) = lines.next() else { return Ok(Self::default()) };
        let names: Vec<&str> = header.split(',').collect();
        ensure!(names.starts_with(&["month", "date"]), "{RATES}: it begins with month and date");
        let mut months = BTreeMap::new();
        for (at, line) in lines {
            let read = month(&names[2..], line);
            let (first, month) = read.with_context(|| format!("{RATES}:{}", at + 1))?;
            ensure!(months.insert(first, month).is_none(), "{RATES}:{}: the month again", at + 1);
        }
        Ok(Self(months))
    }

    /// The rate of a pair in the month that a day is in; `None` where it is not known.
    #[must_use]
    pub fn rate(&self, day: Date, from: &str, to: &str) -> Option<Rate> {
        let first = day.first_of_month();
        let month = self.0.get(&first)?;
        let (of_from, of_to) = (month.per_euro(from)?, month.per_euro(to)?);
        Some(Rate {
            month: first,
            from: from.to_owned(),
            to: to.to_owned(),
            rate: of_to.checked_div(of_from)?,
            source: SOURCE,
            date: month.published,
        })
    }

    /// The months that there are rates for.
    pub fn months(&self) -> impl Iterator<Item = Date> {
        self.0.keys().copied()
    }
}

impl Month {
    fn per_euro(&self, currency: &str) -> Option<Decimal> {
        if currency == BASE {
            Some(Decimal::from_whole(1))
        } else {
            self.per_euro.get(currency).copied()
        }
    }
}

fn month(names: &[&str], line: &str) -> anyhow::Result<(Date, Month)> {
    let mut cells = line.split(',');
    let (month, published) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
    let first: Date = format!("{month}-01").parse().context("a month is `YYYY-MM`")?;
    let published: Date = published.parse().context("a date is `YYYY-MM-DD`")?;
    ensure!(published < first, "rates are published before their month begins");
    let cells: Vec<&str> = cells.collect();
    ensure!(cells.len() == names.len(), "there are {} rates, not {}", cells.len(), names.len());
    let mut per_euro = BTreeMap::new();
    for (name, cell) in names.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        let rate: Decimal = cell.parse().with_context(|| format!("{name}: `{cell}`"))?;
        ensure!(rate > Decimal::ZERO, "{name}: a rate is more than nothing");
        per_euro.insert((*name).to_owned(), rate);
    }
    Ok((first, Month { published, per_euro }))
}

/// The rates that are shipped, read when somebody first asks.
pub struct ShippedRates {
    configs: Arc<Configs>,
    rates: OnceLock<Result<Rates, String>>,
}

impl ShippedRates {
    /// Of the files of `configs`, none of which is read yet.
    #[must_use]
    pub fn new(configs: Arc<Configs>) -> Self {
        Self { configs, rates: OnceLock::new() }
    }

    /// All of them.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the file.
    pub fn get(&self) -> Result<&Rates> {
        let read = || Rates::read(&self.configs).map_err(|error| format!("{error:#}"));
        let rates = self.rates.get_or_init(read).as_ref();
        rates.map_err(|error| anyhow::anyhow!("{error}").into())
    }
}
