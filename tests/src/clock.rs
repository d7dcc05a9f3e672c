//! A clock that stands still until it is told to go on.

use std::sync::{Mutex, PoisonError};

use convergence::clock::Clock;
use jiff::{SignedDuration, Timestamp};

/// Stands at 2026-07-01T12:00:00Z until [`TestClock::advance`] or [`TestClock::set`].
#[derive(Debug)]
pub struct TestClock(Mutex<Timestamp>);

impl Default for TestClock {
    fn default() -> Self {
        Self(Mutex::new(Timestamp::constant(1_782_907_200, 0)))
    }
}

impl TestClock {
    /// Goes on.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now += by;
    }

    /// Jumps.
    pub fn set(&self, to: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
