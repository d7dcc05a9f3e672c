//! FOCUS, the FinOps Open Cost and Usage Specification: its columns, versions and rules.

mod conformance;
mod model;
mod rules;
mod version;

pub use self::{
    conformance::{Conformance, Finding},
    model::{DroppedColumn, Level, Model, ModelColumn},
    rules::OfficialRule,
    version::Version,
};
