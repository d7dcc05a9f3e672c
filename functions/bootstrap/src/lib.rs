//! `bootstrap`
