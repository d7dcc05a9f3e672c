//! A router as a service: what all functions do and answer in the same way.

mod app;
mod backends;
mod credentials;
mod embedded;
mod health;
mod kept;
mod open;
mod openapi;
mod run;
mod runs;
mod serve;
mod task;

pub use self::{
    app::app,
    embedded::Embedded,
    open::{Opened, Parts, Wrap, open},
    openapi::{document, openapi_json},
    run::run,
    serve::{DRAIN, serve, stop_signal},
    task::task,
};
