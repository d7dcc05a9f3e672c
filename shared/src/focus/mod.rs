//! FOCUS, the FinOps Open Cost and Usage Specification: its columns, versions and rules.

mod conformance;
mod model;
mod version;

pub use self::{
    conformance::{Conformance, Finding},
    model::{Level, Model, ModelColumn},
    version::Version,
};
