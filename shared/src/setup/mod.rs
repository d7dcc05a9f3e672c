//! What must exist in the warehouse before anything runs: schemas from `configs/setup/`, made
//! and completed in place, and looked at again before anybody is told that they are there.

mod apply;
mod bootstrap;
mod compare;
mod schemas;

pub use self::{
    apply::{Report, apply, dry_run},
    bootstrap::{Bootstrap, Status, bootstrap_tables},
    compare::{Difference, compare},
    schemas::{organization_tables, table},
};
