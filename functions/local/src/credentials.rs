//! Kept API keys: `~/.config/convergence/credentials.toml`, readable by its owner only.

use std::{
    collections::BTreeMap,
    fs,
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use convergence::settings::keyfile::private_folder;
use serde::{Deserialize, Serialize};

/// The content of the file.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// The organization that commands mean when none is named.
    pub(crate) default_org: Option<String>,
    /// By slug in lowercase.
    #[serde(default)]
    organizations: BTreeMap<String, Kept>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    api_key: String,
}

impl Credentials {
    /// Reads the file; one that is not there is empty.
    ///
    /// # Errors
    ///
    /// Fails when it cannot be read, or is no TOML of ours.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text)
                .with_context(|| format!("{} cannot be understood", path.display())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// The key of an organization.
    pub(crate) fn key(&self, org: &str) -> Option<&str> {
        self.organizations.get(&org.to_ascii_lowercase()).map(|kept| kept.api_key.as_str())
    }

    /// Keeps a key and makes its organization the default; the file is replaced whole, mode 0600.
    ///
    /// # Errors
    ///
    /// Fails when the file cannot be read or written.
    pub(crate) fn keep(path: &Path, org: &str, api_key: &str) -> anyhow::Result<()> {
        let mut credentials = Self::read(path)?;
        credentials.default_org = Some(org.to_owned());
        let kept = Kept { api_key: api_key.to_owned() };
        credentials.organizations.insert(org.to_ascii_lowercase(), kept);
        write_private(path, &toml::to_string(&credentials)?)
    }
}

/// Where the file is unless another is named.
///
/// # Errors
///
/// Fails when this user has no home folder.
pub(crate) fn default_path() -> anyhow::Result<PathBuf> {
    let home = std::env::home_dir()
        .context("there is no home folder to keep keys in; name a file with --credentials")?;
    Ok(home.join(".config/convergence/credentials.toml"))
}

/// Replaces a file whole, readable by its owner only from its first byte on.
///
/// # Errors
///
/// Fails when it cannot be written.
pub(crate) fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || {
        private_folder(folder)?;
        let draft = path.with_extension(format!("{}.new", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
