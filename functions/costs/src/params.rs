//! Query strings: known names, each at most once, and filters by column. All mistakes at once.

use convergence::{
    Error, Result,
    costs::{Columns, Cost, DayRange, Filters, PageAsked},
    error::Detail,
};
use jiff::civil::Date;
use utoipa::IntoParams;

/// How many items a page has unless told otherwise.
const ITEMS: u32 = 50;
/// How many items a page may have.
const MOST_ITEMS: u32 = 500;

/// The days that are asked for; the current month in the organization's timezone unless given.
///
/// Every other parameter is a filter: `ServiceName=Amazon EC2` (repeated: any of them; empty:
/// unknown), `ServiceName!=…` (none of them), `ServiceName^=…` (begins with), `ServiceName~=…`
/// (contains). Columns are written as in FOCUS, with case.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Params` reads")]
pub(crate) struct RangeParams {
    /// The first UTC day, as in `2026-01-01`; with `end_date` or not at all.
    #[param(value_type = Option<String>, format = Date)]
    start_date: Option<Date>,
    /// The last UTC day, included; at most 1,096 days.
    #[param(value_type = Option<String>, format = Date)]
    end_date: Option<Date>,
}

/// Which of the four costs is meant.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Params` reads")]
pub(crate) struct CostParam {
    /// `billed` unless given.
    #[param(inline)]
    cost: Option<Cost>,
}

/// What is left of a query string, and what was wrong so far.
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    details: Vec<Detail>,
}

impl Params {
    pub(crate) fn new(pairs: Vec<(String, String)>) -> Self {
        Self { pairs, details: Vec::new() }
    }

    /// A mistake.
    pub(crate) fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.details.push(Detail { field: field.to_owned(), message: message.into() });
    }

    /// The text of a parameter.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let mut found = None;
        for (_, value) in self.pairs.extract_if(.., |(key, _)| key == name) {
            if found.replace(value).is_some() {
                let message = "give this parameter once".to_owned();
                self.details.push(Detail { field: name.to_owned(), message });
            }
        }
        found
    }

    /// The value of a parameter, or the default where it is absent or wrong.
    pub(crate) fn read<T>(
        &mut self,
        name: &str,
        default: T,
        read: impl FnOnce(&str) -> Option<T>,
        expected: &str,
    ) -> T {
        let Some(text) = self.text(name) else { return default };
        read(&text).unwrap_or_else(|| {
            self.wrong(name, format!("`{text}` is not {expected}"));
            default
        })
    }

    /// `cost`.
    pub(crate) fn cost(&mut self) -> Cost {
        self.read("cost", Cost::Billed, Cost::named, "billed, effective, list or contracted")
    }

    /// A whole number.
    pub(crate) fn number(&mut self, name: &str, default: u32, most: u32) -> u32 {
        let read = |text: &str| text.parse().ok().filter(|number| (1..=most).contains(number));
        self.read(name, default, read, &format!("a whole number from 1 to {most}"))
    }

    /// `start_date` and `end_date`.
    pub(crate) fn range(&mut self, default: DayRange) -> DayRange {
        let mistakes = self.details.len();
        let start = self.day("start_date", default.start_date);
        let end = self.day("end_date", default.end_date);
        let given = match (start, end) {
            _ if self.details.len() > mistakes => return default,
            (None, None) => return default,
            (Some(start), Some(end)) => DayRange::new(start, end),
            _ => Err("give both `start_date` and `end_date`, or neither".to_owned()),
        };
        given.unwrap_or_else(|message| {
            self.wrong(if start.is_none() { "start_date" } else { "end_date" }, message);
            default
        })
    }

    /// A day, if it is given.
    fn day(&mut self, name: &str, default: Date) -> Option<Date> {
        let text = self.text(name)?;
        // Nothing but a day: jiff would also take a time after it.
        let plain = text.len() == 10 && text.bytes().all(|c| c.is_ascii_digit() || c == b'-');
        let day = if plain { text.parse().ok() } else { None };
        Some(day.unwrap_or_else(|| {
            self.wrong(name, format!("`{text}` is no day that exists, as in 2026-01-31"));
            default
        }))
    }

    /// `limit` and `cursor`.
    pub(crate) fn page(&mut self) -> PageAsked {
        PageAsked { limit: self.number("limit", ITEMS, MOST_ITEMS), cursor: self.text("cursor") }
    }

    /// `group_by`: columns, separated by commas.
    pub(crate) fn group_by(&mut self, most: usize, columns: &Columns) -> Vec<String> {
        let text = self.text("group_by").unwrap_or_default();
        let names: Vec<String> =
            text.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        for (at, name) in names.iter().enumerate() {
            if columns.dimension(name).is_none() {
                let known: Vec<&str> = columns.dimensions().collect();
                let message =
                    format!("`{name}` is no column to group by; there are {}", known.join(", "));
                self.wrong("group_by", message);
            } else if names[..at].contains(name) {
                self.wrong("group_by", format!("`{name}` is given twice"));
            }
        }
        if names.len() > most {
            self.wrong("group_by", format!("at most {most} columns"));
        }
        names
    }

    /// Everything that is left, as filters.
    pub(crate) fn filters(&mut self, columns: &Columns) -> Filters {
        let mut filters = Filters::default();
        for (key, value) in std::mem::take(&mut self.pairs) {
            if let Err(message) = filters.add(&key, &value, columns) {
                self.wrong(&key, message);
            }
        }
        filters
    }

    /// Ends the reading.
    ///
    /// # Errors
    ///
    /// 422 with everything that was wrong, and every parameter that nobody asked for.
    pub(crate) fn finish(mut self) -> Result<()> {
        for (key, _) in std::mem::take(&mut self.pairs) {
            self.wrong(&key, "there is no such parameter");
        }
        Error::check(self.details)
    }
}
