//! How often a subscription is billed.

use std::{fmt, str::FromStr};

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

/// The most days and months that a custom cycle may have.
const MOST_DAYS: u16 = 3_660;
const MOST_MONTHS: u16 = 120;

/// What cycles are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Days.
    Day,
    /// Calendar months.
    Month,
}

/// The time that one bill pays for: `monthly`, `quarterly`, `annual`, or a number of days or months,
/// as in `45 days` and `24 months`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cycle {
    count: u16,
    unit: Unit,
}

impl Cycle {
    /// What [`Cycle::from_str`] takes, as a sentence.
    pub const FORM: &str =
        "a cycle is `monthly`, `quarterly`, `annual`, `{1 to 3660} days` or `{1 to 120} months`";
    /// Every month.
    pub const MONTHLY: Self = Self { count: 1, unit: Unit::Month };
    /// Every three months.
    pub const QUARTERLY: Self = Self { count: 3, unit: Unit::Month };
    /// Every twelve months.
    pub const ANNUAL: Self = Self { count: 12, unit: Unit::Month };

    /// Of so many days or months; `None` where that is no cycle.
    #[must_use]
    pub fn of(count: u16, unit: Unit) -> Option<Self> {
        let most = if unit == Unit::Day { MOST_DAYS } else { MOST_MONTHS };
        (1..=most).contains(&count).then_some(Self { count, unit })
    }

    /// The first day of the `n`th cycle after `anchor`, whose cycle is the 0th. Counted from the
    /// anchor each time: what began on the 31st comes on the last day of shorter months, and on
    /// the 31st again after them.
    #[must_use]
    pub fn start(self, anchor: Date, n: i32) -> Date {
        let many = i64::from(n) * i64::from(self.count);
        let span = match self.unit {
            Unit::Day => Span::new().try_days(many),
            Unit::Month => Span::new().try_months(many),
        };
        span.map_or(Date::MAX, |span| anchor.saturating_add(span))
    }

    /// Which cycle after `anchor` a day is in; `None` for days before it.
    #[must_use]
    pub fn index(self, anchor: Date, day: Date) -> Option<i32> {
        (day >= anchor).then_some(())?;
        let passed = match self.unit {
            Unit::Day => (day - anchor).get_days(),
            Unit::Month => {
                let months = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month());
                months(day) - months(anchor)
            }
        };
        let guess = passed / i32::from(self.count);
        // The month of a day says one too many where the day comes before the anchor's.
        Some(if self.start(anchor, guess) > day { guess - 1 } else { guess })
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (*self, self.unit) {
            (Self::MONTHLY, _) => f.write_str("monthly"),
            (Self::QUARTERLY, _) => f.write_str("quarterly"),
            (Self::ANNUAL, _) => f.write_str("annual"),
            (Self { count, .. }, Unit::Day) => write!(f, "{count} days"),
            (Self { count, .. }, Unit::Month) => write!(f, "{count} months"),
        }
    }
}

impl FromStr for Cycle {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "monthly" => return Ok(Self::MONTHLY),
            "quarterly" => return Ok(Self::QUARTERLY),
            "annual" => return Ok(Self::ANNUAL),
            _ => {}
        }
        let (count, unit) = text.split_once(' ').ok_or(Self::FORM)?;
        let unit = match unit {
            "day" | "days" => Unit::Day,
            "month" | "months" => Unit::Month,
            _ => return Err(Self::FORM),
        };
        let plain = count.bytes().all(|byte| byte.is_ascii_digit());
        let count = count.parse().ok().filter(|_| plain).ok_or(Self::FORM)?;
        Self::of(count, unit).ok_or(Self::FORM)
    }
}

impl TryFrom<String> for Cycle {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Cycle> for String {
    fn from(cycle: Cycle) -> Self {
        cycle.to_string()
    }
}
