//! `scheduler`
