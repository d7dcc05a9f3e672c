//! When a pipeline runs by itself, and how much one run covers.

use jiff::{ToSpan as _, civil::Date};

use super::{Fields, Problems};
use crate::queue::Window;

/// When a pipeline runs by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Minute, hour, day, month, weekday.
    pub cron: String,
    /// How many days before today each run reads again: late data is the rule.
    pub lookback_days: u16,
}

impl Schedule {
    /// The days that a run reads which was told none: from so many days before today as are read
    /// again, at least yesterday, to yesterday.
    #[must_use]
    pub fn window(&self, today: Date) -> Window {
        let end = today.yesterday().unwrap_or(today);
        let start = today.saturating_sub(i64::from(self.lookback_days.max(1)).days());
        Window { start, end }
    }
}

/// A unit of windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Days.
    Day,
    /// Calendar months.
    Month,
}

impl Unit {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}

/// The most that one run covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowLimit {
    /// What is counted.
    pub unit: Unit,
    /// How many of them.
    pub max: u16,
}

pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Schedule> {
    let mut fields = fields.mapping("schedule", "schedule", problems)?;
    let cron = fields.text("cron", problems);
    let lookback = fields.number("lookback_days", 0..=366, 0, problems);
    fields.finish(problems);
    let cron = cron?;
    if let Err(error) = cron.value.parse::<croner::Cron>() {
        let message = format!(
            "`{}` is no cron of five fields (minute, hour, day, month, weekday): {error}",
            cron.value
        );
        problems.add(cron.line, message);
    }
    let lookback_days = u16::try_from(lookback).unwrap_or_default();
    Some(Schedule { cron: cron.value, lookback_days })
}

pub(super) fn read_window(fields: &mut Fields, problems: &mut Problems) -> Option<WindowLimit> {
    let mut fields = fields.mapping("window", "window", problems)?;
    let unit = fields.text("unit", problems);
    let max = fields.number("max", 1..=366, 1, problems);
    fields.finish(problems);
    let unit = unit?;
    let unit = match unit.value.as_str() {
        "day" => Unit::Day,
        "month" => Unit::Month,
        other => {
            problems.add(unit.line, format!("a window's unit is `day` or `month`, not `{other}`"));
            return None;
        }
    };
    Some(WindowLimit { unit, max: u16::try_from(max).unwrap_or(1) })
}
