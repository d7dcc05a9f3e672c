//! Pipelines: configs, plans, runs.

mod acme;
mod attempts;
mod budget;
mod config;
mod crashes;
mod extract;
mod history;
pub(crate) mod http;
mod request;
mod runs;
mod slots;
mod told;
mod world;

pub(crate) use self::http::{IMPORT, SAMPLE, tenant};
