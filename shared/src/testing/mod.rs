//! Stand-ins and conformance suites, for tests.

mod content;
mod warehouse_suite;

pub use self::{
    content::{content_hash, lines},
    warehouse_suite::warehouse_suite,
};
