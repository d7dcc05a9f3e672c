//! What goes wrong on demand.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Mutex, PoisonError},
};

use jiff::civil::Date;

/// What is wrong with one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 429, and when to come back, in seconds.
    TooMany(u32),
    /// Another status, with nothing that helps.
    Status(u16),
    /// It ends in the middle.
    Truncated,
    /// It is no JSON.
    Garbage,
}

#[derive(Debug, Default)]
struct State {
    next: VecDeque<Fault>,
    same_cursor: bool,
    restated: BTreeSet<Date>,
    late: BTreeSet<Date>,
    beside: BTreeSet<Date>,
}

/// What goes wrong, from the next answer on.
#[derive(Debug, Default)]
pub struct Faults(Mutex<State>);

impl Faults {
    /// The next answers go wrong, one after the other.
    pub fn next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.with(|state| state.next.extend(faults));
    }

    /// Every page leads to the same next one, from now on.
    pub fn repeat_cursors(&self, repeat: bool) {
        self.with(|state| state.same_cursor = repeat);
    }

    /// The provider bills a day again, with other amounts.
    pub fn restate(&self, day: Date) {
        self.with(|state| state.restated.insert(day));
    }

    /// A day has nothing yet, until [`Faults::arrive`].
    pub fn hold_back(&self, day: Date) {
        self.with(|state| state.late.insert(day));
    }

    /// What was held back is there.
    pub fn arrive(&self) {
        self.with(|state| state.late.clear());
    }

    /// The provider's own sum of a day has a dollar and a half that none of its lines has.
    pub fn bill_beside_lines(&self, day: Date) {
        self.with(|state| state.beside.insert(day));
    }

    pub(crate) fn take(&self) -> Option<Fault> {
        self.with(|state| state.next.pop_front())
    }

    pub(crate) fn repeats_cursors(&self) -> bool {
        self.with(|state| state.same_cursor)
    }

    pub(crate) fn is_restated(&self, day: Date) -> bool {
        self.with(|state| state.restated.contains(&day))
    }

    pub(crate) fn is_held_back(&self, day: Date) -> bool {
        self.with(|state| state.late.contains(&day))
    }

    pub(crate) fn is_billed_beside(&self, day: Date) -> bool {
        self.with(|state| state.beside.contains(&day))
    }

    fn with<T>(&self, see: impl FnOnce(&mut State) -> T) -> T {
        see(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
