//! One file per command.

pub(crate) mod bootstrap;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod costs;
pub(crate) mod demo;
pub(crate) mod ingest;
pub(crate) mod onboard;
pub(crate) mod openapi;
pub(crate) mod run;
pub(crate) mod serve;
