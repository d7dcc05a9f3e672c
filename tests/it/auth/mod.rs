//! Credentials, and what they open.

mod access;
mod api_key;
mod cache;
mod jwks;
mod local_issuer;
mod lookups;
mod peppers;
mod unsigned;
pub(crate) mod world;
