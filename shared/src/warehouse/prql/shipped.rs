//! Every query that is built in code, in one list, so that a test compiles them all.

/// A query of ours.
#[derive(Debug, Clone)]
pub struct Shipped {
    /// What it is called: a path below `configs/`, or as in logs and statistics.
    pub name: String,
    /// Its text.
    pub prql: String,
}

/// All of them. Queries in `.prql` files of `configs/` are found by walking that folder.
#[must_use]
pub fn shipped() -> Vec<Shipped> {
    Vec::new()
}
