//! Which calls came, and which are to fail.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Fault;

#[derive(Debug, Default)]
pub(super) struct Plan(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    rules: Vec<Rule>,
    calls: Vec<String>,
    injected: usize,
}

#[derive(Debug)]
struct Rule {
    call: String,
    /// How many such calls go through before.
    before: usize,
    /// How many then fail; `None` for all.
    times: Option<usize>,
    fault: Fault,
}

impl Plan {
    pub(super) fn add(&self, call: &str, before: usize, times: Option<usize>, fault: Fault) {
        self.held().rules.push(Rule { call: call.to_owned(), before, times, fault });
    }

    pub(super) fn clear(&self) {
        *self.held() = Held::default();
    }

    pub(super) fn calls(&self) -> Vec<String> {
        self.held().calls.clone()
    }

    pub(super) fn injected(&self) -> usize {
        self.held().injected
    }

    /// Notes a call, and says what is to happen to it.
    pub(super) fn judge(&self, call: String) -> Option<Fault> {
        let mut held = self.held();
        let mut fault = None;
        for rule in held.rules.iter_mut().filter(|rule| call.contains(&rule.call)) {
            fault = fault.or(rule.judge());
        }
        held.injected += usize::from(fault.is_some());
        held.calls.push(call);
        fault
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rule {
    fn judge(&mut self) -> Option<Fault> {
        if self.before > 0 {
            self.before -= 1;
            return None;
        }
        match &mut self.times {
            Some(0) => return None,
            Some(times) => *times -= 1,
            None => {}
        }
        Some(self.fault)
    }
}
