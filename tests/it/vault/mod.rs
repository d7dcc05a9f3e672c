//! The vault: what it seals opens for its owner, provider and name only, and is never shown.

mod cloud;
mod file;
mod remembered;
mod rotation;
mod seal;
mod world;
