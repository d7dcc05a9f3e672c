//! `data/server.json`: where the running server is, and the proof of being on its machine.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::credentials::write_private;

/// What a server writes when it begins to listen; readable by its owner only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ServerFile {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Its process.
    pub(crate) pid: u32,
    /// Made anew at each start. Who knows it can read this file, and so is on this machine.
    pub(crate) boot_id: String,
}

/// Takes the file away when the server ends in order.
pub(crate) struct Written(PathBuf);

impl ServerFile {
    /// Where it is in a data folder.
    fn path(data: &Path) -> PathBuf {
        data.join("server.json")
    }

    /// What the file says, where there is one.
    pub(crate) fn read(data: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(data)).ok()?).ok()
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// Fails when the folder cannot be written.
    pub(crate) fn write(&self, data: &Path) -> anyhow::Result<Written> {
        let path = Self::path(data);
        write_private(&path, &serde_json::to_string(self)?)?;
        Ok(Written(path))
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::warn!(%error, "data/server.json could not be removed");
        }
    }
}
