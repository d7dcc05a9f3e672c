//! The harness of the integration tests: every function's real router, in process, over embedded
//! backends in a folder of its own.

mod answer;
mod app;
mod call;
mod clock;
pub mod emulators;
pub mod faults;
pub mod focus_validator;
mod ids;
mod issuer;
pub mod kms;
pub mod sqlcheck;
pub mod stores;

pub use self::{
    answer::Answer,
    app::{Options, TestApp},
    call::{As, Call},
    clock::TestClock,
    ids::TestIds,
    issuer::{Issuer, SigningKey},
};
