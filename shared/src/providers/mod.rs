//! What can be connected: the registry, the form of each field, and the proof of a connection.

mod api;
mod check;
mod field;
mod fields;
mod prefix;
mod reach;
mod registry;

pub use self::{
    api::{Api, ApiError, Refusal},
    check::{Check, Outcome, Question},
    field::{Field, Form},
    fields::Fields,
    prefix::InputPrefix,
    reach::Reach,
    registry::{PROVIDERS, Provider, Providers, SOURCE_NAME, is_source_name},
};
