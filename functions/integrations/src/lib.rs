//! `integrations`
