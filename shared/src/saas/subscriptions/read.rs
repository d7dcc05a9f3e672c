//! Texts of requests as what they mean, with every mistake.

use jiff::civil::Date;

use super::form::TermsForm;
use crate::{
    decimal::{Decimal, DecimalError},
    error::Detail,
    saas::{Cycle, Discount, Terms},
};

/// The longest name.
const LONGEST: usize = 200;

/// Collects what is wrong.
#[derive(Debug, Default)]
pub(super) struct Mistakes(pub(super) Vec<Detail>);

impl Mistakes {
    pub(super) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(Detail { field: field.to_owned(), message: message.into() });
    }

    /// Takes what was read, or notes why not.
    pub(super) fn take<T>(&mut self, field: &str, read: Result<T, String>) -> Option<T> {
        read.map_err(|message| self.add(field, message)).ok()
    }

    pub(super) fn day(&mut self, field: &str, text: Option<&str>) -> Option<Date> {
        let text = text?;
        let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
        self.take(field, day.ok_or_else(|| format!("`{text}` is no day, as `YYYY-MM-DD`")))
    }

    pub(super) fn name(&mut self, field: &str, text: Option<&str>) -> Option<String> {
        let text = text?.trim();
        let fits =
            (1..=LONGEST).contains(&text.chars().count()) && !text.contains(char::is_control);
        let message = || "1 to 200 characters, without control characters".to_owned();
        self.take(field, fits.then(|| text.to_owned()).ok_or_else(message))
    }

    fn amount(&mut self, field: &str, text: &str) -> Option<Decimal> {
        let read = match Decimal::read(text.as_bytes()) {
            Ok(reading) if !reading.rounded => Ok(reading.value),
            Ok(_) => Err("it has more than 18 decimals".to_owned()),
            Err(DecimalError::TooLarge) => {
                Err("it has more than 20 digits before the point".into())
            }
            Err(DecimalError::NotANumber) => Err("an amount is written as in \"12.50\"".to_owned()),
        };
        self.take(field, read)
    }

    /// Terms that begin on a day.
    pub(super) fn terms(&mut self, form: &TermsForm, effective: Option<Date>) -> Option<Terms> {
        let price = self.amount("price", &form.price);
        let cycle = self.take("cycle", form.cycle.parse::<Cycle>().map_err(str::to_owned));
        let discount = match (&form.discount_percent, &form.discount_amount) {
            (None, None) => Some(Discount::None),
            (Some(text), None) => self.amount("discount_percent", text).map(Discount::Percent),
            (None, Some(text)) => self.amount("discount_amount", text).map(Discount::Amount),
            (Some(_), Some(_)) => {
                self.add("discount_amount", "send a percentage or an amount, not both");
                None
            }
        };
        let (seats, effective) = (form.seats, effective?);
        Some(Terms { effective, seats, price: price?, cycle: cycle?, discount: discount? })
    }
}

/// ISO 4217.
pub(super) fn currency(text: &str) -> Result<String, String> {
    iso_currency::Currency::from_code(text)
        .map(|currency| currency.code().to_owned())
        .ok_or_else(|| "a currency is a code of ISO 4217 in capitals, as in EUR".to_owned())
}
