//! Stand-ins and conformance suites, for tests.

mod content;
mod crash;
mod files_suite;
mod kms_suite;
mod queue_suite;
mod store_suite;
mod warehouse_suite;
mod watched;

pub use self::{
    content::{content_hash, lines},
    crash::{CrashPoint, CrashingFiles, CrashingStore, CrashingWarehouse},
    files_suite::files_suite,
    kms_suite::kms_suite,
    queue_suite::queue_suite,
    store_suite::store_suite,
    warehouse_suite::warehouse_suite,
    watched::{Asked, Watch, WatchedStore},
};
