//! What happens around every handler.

pub(crate) mod identify;
