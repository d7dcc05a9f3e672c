//! Connections to providers, over HTTP.

mod crashes;
mod limits;
mod secrets;
mod setup;
mod status;
mod world;
