//! How far data can be trusted.
