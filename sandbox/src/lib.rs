//! A sandbox of providers: it answers as they do, from made-up months of usage or from captured
//! pages, and does whatever can go wrong with them when it is told to.
//!
//! Each provider is a router below its name, as [`convergence::settings::Sandbox`] expects it. One
//! that keeps files instead of answering questions is a router too.

mod anthropic;
mod buckets;
mod faults;
mod made_up;
mod money;
mod openai;
mod server;
mod world;

pub use self::{
    faults::{Fault, Faults},
    made_up::Item,
    server::{Served, serve},
    world::{Captured, Key, World},
};
