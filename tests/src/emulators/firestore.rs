//! Google's emulator of Firestore.

use std::process::Command;

use tokio::sync::OnceCell;

use super::{
    part::{Skipped, part},
    ports,
    server::Server,
};

/// Firestore's emulator. It enforces no index, no TTL and no security rule.
#[derive(Debug)]
pub struct Firestore {
    host: String,
    _server: Server,
}

impl Firestore {
    /// `127.0.0.1:port`, as `FIRESTORE_EMULATOR_HOST` takes it.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The settings of a store in a project of its own.
    #[must_use]
    pub fn settings(&self, project: &str) -> [(String, String); 2] {
        [
            ("STORE_URL".to_owned(), format!("firestore://{project}/(default)")),
            ("FIRESTORE_EMULATOR_HOST".to_owned(), self.host.clone()),
        ]
    }
}

/// Firestore, started if need be.
///
/// # Errors
///
/// Fails where it is missing on this machine.
pub async fn firestore() -> Result<&'static Firestore, Skipped> {
    static RUNNING: OnceCell<Firestore> = OnceCell::const_new();
    RUNNING
        .get_or_try_init(async || {
            let (folder, port) = (part("firestore")?, ports::free());
            let mut program = Command::new(folder.join("java"));
            program
                .args(["-Xmx256m", "-cp"])
                .arg(folder.join("emulator.jar"))
                .arg("com.google.cloud.datastore.emulator.firestore.CloudFirestore")
                .args(["--host=127.0.0.1".to_owned(), format!("--port={port}")]);
            let host = format!("127.0.0.1:{port}");
            let server = Server::start("firestore", &program, &format!("http://{host}/")).await;
            Ok(Firestore { host, _server: server })
        })
        .await
}
