//! How long one process may work on one run.

use std::time::Duration;

/// How long work on a run may take here. A delivery is bounded by its request, a job by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// When no further step is begun: those that are left go to another delivery.
    pub begins: Duration,
    /// When work is cut: what is left is time to write down what came of it.
    pub ends: Duration,
    /// Whether it is a job's, made for a step that takes longer than a delivery may.
    pub is_job: bool,
}

impl Budget {
    /// Of a request or a job that may take so long as a whole.
    #[must_use]
    pub fn new(whole: Duration, is_job: bool) -> Self {
        Self { begins: whole * 4 / 5, ends: whole * 9 / 10, is_job }
    }

    /// How long a step may take that is planned to take at most so long.
    #[must_use]
    pub fn step(&self, planned: Duration) -> Duration {
        if self.is_job { planned.max(self.ends) } else { planned }
    }
}
