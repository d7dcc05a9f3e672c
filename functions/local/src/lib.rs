//! Every function in one process, and the `convergence` command around them.

mod args;
mod client;
mod command;
mod commands;
mod context;
mod credentials;
mod delivery;
mod failure;
mod input;
mod process;
mod router;
mod runs;
mod server;
mod server_file;
mod view;

pub use self::{
    args::Args,
    command::main,
    delivery::Delivery,
    input::{bytes as bytes_of_input, read_so_far},
    router::{openapi, router},
};
