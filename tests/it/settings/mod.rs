//! The settings, and the gate that a hardened process has to pass.

mod gate;
mod keyfile;
mod table;
mod values;

use std::collections::BTreeMap;

use convergence::settings::{Problems, Settings};

fn variables(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn read(function: &'static str, pairs: &[(&str, &str)]) -> Result<Settings, Problems> {
    Settings::read(function, &variables(pairs))
}

fn problems(function: &'static str, pairs: &[(&str, &str)]) -> String {
    read(function, pairs).expect_err("these settings are bad").to_string()
}
