//! Connections to providers, over HTTP.

mod crashes;
mod limits;
mod recheck;
mod secrets;
mod setup;
mod status;
mod world;
