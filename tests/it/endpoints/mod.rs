//! Every endpoint has an authorization case, and every case holds.
//!
//! The endpoints come from the OpenAPI document, so one that is added without a case fails here.

mod anothers;
mod cases;
mod cover;
mod hold;
mod tenants;
mod walk;
