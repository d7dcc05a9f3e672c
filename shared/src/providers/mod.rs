//! What can be connected: the registry, the form of each field, and the proof of a connection.

mod check;
mod field;
mod prefix;
mod registry;

pub use self::{
    check::{Check, Outcome},
    field::{Field, Form},
    prefix::InputPrefix,
    registry::{PROVIDERS, Provider, Providers, is_source_name},
};
