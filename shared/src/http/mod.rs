//! HTTP as every function speaks it: extractors and layers that refuse with our error.

mod extract;

pub use self::extract::{Json, Path, Query};
