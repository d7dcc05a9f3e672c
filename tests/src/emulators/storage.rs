//! A stand-in of Cloud Storage: fake-gcs-server.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tokio::sync::OnceCell;

use super::{
    part::{Skipped, part},
    ports,
    server::{self, Server},
};

/// Cloud Storage's JSON API. Preconditions on writes are kept, those on deletes are not; it serves
/// no gRPC, and takes signed URLs whatever their signature.
#[derive(Debug)]
pub struct Storage {
    host: String,
    _server: Server,
}

impl Storage {
    /// `127.0.0.1:port`, as `STORAGE_EMULATOR_HOST` takes it.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The settings of files in a bucket of their own. The bucket is for the test to make.
    #[must_use]
    pub fn settings(&self, bucket: &str) -> [(String, String); 2] {
        [
            ("FILES_URL".to_owned(), format!("gs://{bucket}")),
            ("STORAGE_EMULATOR_HOST".to_owned(), self.host.clone()),
        ]
    }
}

/// Where objects are files, as `{bucket}/{name}`: BigQuery's emulator loads `gs://` from there.
///
/// # Panics
///
/// Where there is no room for it.
pub(super) fn buckets() -> PathBuf {
    let folder = server::folder().join("buckets");
    match fs::create_dir_all(&folder) {
        Ok(()) => folder,
        Err(error) => panic!("no folder for buckets: {error}"),
    }
}

/// Cloud Storage, started if need be.
///
/// # Errors
///
/// Fails where it is missing on this machine.
pub async fn storage() -> Result<&'static Storage, Skipped> {
    static RUNNING: OnceCell<Storage> = OnceCell::const_new();
    RUNNING
        .get_or_try_init(async || {
            let host = format!("127.0.0.1:{}", ports::free());
            let program = program(&part("storage")?, &host);
            let ready = format!("http://{host}/_internal/healthcheck");
            let server = Server::start("storage", &program, &ready).await;
            Ok(Storage { host, _server: server })
        })
        .await
}

fn program(folder: &Path, host: &str) -> Command {
    let (address, port) = host.split_once(':').unwrap_or((host, ""));
    let mut program = Command::new(folder.join("fake-gcs-server"));
    program
        .args(["-scheme", "http", "-host", address, "-port", port, "-public-host", host])
        .args(["-backend", "filesystem", "-filesystem-root"])
        .arg(buckets());
    program
}
