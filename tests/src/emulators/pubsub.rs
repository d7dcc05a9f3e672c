//! Google's emulator of Pub/Sub.

use std::process::Command;

use tokio::sync::OnceCell;

use super::{
    part::{Skipped, part},
    ports,
    server::Server,
};

/// Pub/Sub's emulator: REST and gRPC on one port. Its pushes carry no token and no ordering key,
/// and subscription filters are not applied.
#[derive(Debug)]
pub struct PubSub {
    host: String,
    _server: Server,
}

impl PubSub {
    /// `127.0.0.1:port`, as `PUBSUB_EMULATOR_HOST` takes it.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The settings of a queue in a project of its own. The topic is for the test to make.
    #[must_use]
    pub fn settings(&self, project: &str, topic: &str) -> [(String, String); 2] {
        [
            ("QUEUE_URL".to_owned(), format!("pubsub://{project}/{topic}")),
            ("PUBSUB_EMULATOR_HOST".to_owned(), self.host.clone()),
        ]
    }
}

/// Pub/Sub, started if need be.
///
/// # Errors
///
/// Fails where it is missing on this machine.
pub async fn pubsub() -> Result<&'static PubSub, Skipped> {
    static RUNNING: OnceCell<PubSub> = OnceCell::const_new();
    RUNNING
        .get_or_try_init(async || {
            let (folder, port) = (part("pubsub")?, ports::free());
            let mut program = Command::new(folder.join("java"));
            program
                .args(["-Xmx256m", "-jar"])
                .arg(folder.join("emulator.jar"))
                .args(["--host=127.0.0.1".to_owned(), format!("--port={port}")]);
            let host = format!("127.0.0.1:{port}");
            let server = Server::start("pubsub", &program, &format!("http://{host}/")).await;
            Ok(PubSub { host, _server: server })
        })
        .await
}
