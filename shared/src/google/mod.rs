//! What all clients of Google Cloud have in common: where it is, who we are, how often to try.
//!
//! Clients are made on first use, so that a function answers `/health` before it has asked for a
//! token. No library reads an emulator's variable by itself: the settings do, and hand it in.

mod access;
mod cloud_run;
mod rest;
mod retry;
mod unsigned;

pub use self::{
    access::{Access, Identity},
    cloud_run::CloudRunJob,
    rest::{Rest, RestError},
    retry::{Attempts, Waits, is_transient, patient_policy, policy},
};
