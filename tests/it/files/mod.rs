//! Files: whole or not at all, named by their bytes, out of reach of whoever names them.

mod bucket;
mod faults;
mod folder;
mod refusals;
mod signed;
mod uploads;
mod world;
