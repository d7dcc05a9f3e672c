//! Organizations as such.

pub(crate) mod dry_run;
pub(crate) mod list;
pub(crate) mod onboard;
pub(crate) mod update;
pub(crate) mod view;
