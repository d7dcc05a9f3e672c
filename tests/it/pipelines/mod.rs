//! Pipelines: configs, plans, runs.

mod acme;
mod attempts;
mod budget;
mod config;
mod crashed_imports;
mod crashes;
mod delivered;
mod domainless;
mod extract;
mod folders;
mod history;
pub(crate) mod http;
mod rejected;
mod request;
mod runs;
mod slots;
mod told;
mod watched;
mod world;

pub(crate) use self::http::{IMPORT, SAMPLE, tenant};
