//! What `infra/` and the deployment say of the code is so.

mod build;
mod deploy;
mod mentions;
mod services;

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::Deserialize;

/// One Cloud Run service of `infra/functions.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    #[serde(rename = "crate")]
    function: String,
    needs: Vec<String>,
    #[serde(default)]
    unused: Vec<String>,
    root_key: bool,
    caller: String,
    paths: Vec<String>,
    timeout: u32,
    memory: String,
    #[serde(default = "one")]
    cpu: u32,
}

fn one() -> u32 {
    1
}

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect(path)
}

fn services() -> BTreeMap<String, Service> {
    serde_saphyr::from_str(&text("infra/functions.yaml")).expect("infra/functions.yaml")
}

/// The files of a folder with an ending, and their texts.
fn texts(folder: &str, ending: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join(folder)).expect(folder);
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let paths = names.filter(|name| name.ends_with(ending)).map(|name| format!("{folder}/{name}"));
    paths.map(|path| (path.clone(), text(&path))).collect()
}
