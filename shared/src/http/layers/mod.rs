//! What happens around every handler.

pub(crate) mod headers;
pub(crate) mod identify;
pub(crate) mod panics;
pub(crate) mod rate;
mod time_limit;
mod visit;

pub use self::time_limit::TimeLimit;
pub(crate) use self::time_limit::limit_time;
