//! Stand-ins and conformance suites, for tests.

mod content;
mod crash;
mod store_suite;
mod warehouse_suite;

pub use self::{
    content::{content_hash, lines},
    crash::{CrashPoint, CrashingStore, CrashingWarehouse},
    store_suite::store_suite,
    warehouse_suite::warehouse_suite,
};
