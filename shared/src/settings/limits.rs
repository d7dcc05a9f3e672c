//! How much callers may ask for.

use super::{source::Source, table::Setting};

/// The most bytes that an upload may have unless that is set.
const UPLOAD: u64 = 16 << 30;

pub(super) const TABLE: &[Setting] = &[
    Setting::new(
        "RATE_LIMIT_ENABLED",
        "true; has to be set where hardened",
        "Whether callers are limited",
    ),
    Setting::new("RATE_LIMIT_PER_SECOND", "50", "Requests a second that a caller may make"),
    Setting::new("RATE_LIMIT_BURST", "200", "Requests that a caller may make at once"),
    Setting::new("UPLOAD_MAX_BYTES", "17179869184", "Bytes that an uploaded file may have"),
];

/// How much callers may ask for.
#[derive(Debug, Clone)]
pub struct Limits {
    /// As it was set.
    pub(super) rate_limit_enabled: Option<bool>,
    /// How fast a caller may ask; `None` for as fast as it can.
    pub rate: Option<RateLimit>,
    /// The most bytes that an upload may have.
    pub upload_bytes: u64,
}

/// A token bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// What comes back in a second.
    pub per_second: u32,
    /// What it holds.
    pub burst: u32,
}

impl Limits {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        let rate_limit_enabled = source.switch("RATE_LIMIT_ENABLED");
        let rate = RateLimit {
            per_second: source.count("RATE_LIMIT_PER_SECOND", 50),
            burst: source.count("RATE_LIMIT_BURST", 200),
        };
        let enabled = rate_limit_enabled.unwrap_or(true);
        let upload_bytes = source.value("UPLOAD_MAX_BYTES", UPLOAD);
        Self { rate_limit_enabled, rate: enabled.then_some(rate), upload_bytes }
    }
}
