//! A stand-in of BigQuery: bqemulator, with the repairs of `tests/emulators/bigquery`.

use std::{path::Path, process::Command};

use tokio::sync::OnceCell;

use super::{
    part::{Skipped, part, root},
    ports,
    server::Server,
    storage::buckets,
};

/// BigQuery's behaviour over DuckDB. It takes much SQL that BigQuery refuses: what is sent is
/// judged by Google's own analyzer beside it.
#[derive(Debug)]
pub struct BigQuery {
    host: String,
    grpc: String,
    _server: Server,
}

impl BigQuery {
    /// `127.0.0.1:port` of the REST API, as `BIGQUERY_EMULATOR_HOST` takes it.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// `127.0.0.1:port` of the Storage Read and Write APIs.
    #[must_use]
    pub fn grpc(&self) -> &str {
        &self.grpc
    }
}

/// BigQuery, started if need be.
///
/// # Errors
///
/// Fails where it is missing on this machine.
pub async fn bigquery() -> Result<&'static BigQuery, Skipped> {
    static RUNNING: OnceCell<BigQuery> = OnceCell::const_new();
    RUNNING
        .get_or_try_init(async || {
            let (rest, grpc) = (ports::free(), ports::free());
            let program = program(&part("bigquery")?, rest, grpc);
            let host = format!("127.0.0.1:{rest}");
            let server =
                Server::start("bigquery", &program, &format!("http://{host}/readyz")).await;
            Ok(BigQuery { host, grpc: format!("127.0.0.1:{grpc}"), _server: server })
        })
        .await
}

fn program(folder: &Path, rest: u16, grpc: u16) -> Command {
    let mut program = Command::new(folder.join("venv/bin/python"));
    program
        .env("HOME", folder.join("home"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("BQEMU_GCS_LOCAL_ROOT", buckets())
        .arg(root().join("tests/emulators/bigquery/start.py"))
        .args(["start", "--ephemeral", "--project", "demo", "--log-level", "warning"])
        .args(["--rest-port".to_owned(), rest.to_string()])
        .args(["--grpc-port".to_owned(), grpc.to_string()]);
    program
}
