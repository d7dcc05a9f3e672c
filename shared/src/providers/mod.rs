//! What can be connected: the registry, the form of each field, and the proof of a connection.

mod check;
mod field;
mod fields;
mod prefix;
mod registry;

pub use self::{
    check::{Check, Outcome},
    field::{Field, Form},
    fields::Fields,
    prefix::InputPrefix,
    registry::{PROVIDERS, Provider, Providers, SOURCE_NAME, is_source_name},
};
