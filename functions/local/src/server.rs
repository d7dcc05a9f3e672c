//! The server: every function on some ports, until the process is asked to stop.

use std::net::SocketAddr;

use anyhow::Context as _;
use convergence::service;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    context::Context,
    failure::{Failure, Result},
    process::Process,
    server_file::{ServerFile, Written},
};

/// A server that has begun to listen.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) addresses: Vec<SocketAddr>,
    process: Process,
    serving: JoinHandle<anyhow::Result<()>>,
    file: Written,
}

impl Server {
    /// Listens, opens the files and says in `data/server.json` where it is.
    ///
    /// # Errors
    ///
    /// Fails where a port is taken or another process has the files.
    pub(crate) async fn start(context: &Context, ports: &[u16]) -> Result<Self> {
        let stopped = service::stop_signal()?;
        let listeners = listen(context, ports).await?;
        let addresses = listeners.iter().map(TcpListener::local_addr);
        let addresses = addresses.collect::<std::io::Result<Vec<_>>>();
        let addresses = addresses.context("a listener has no address")?;
        let process = Process::open(&context.settings)?;
        let file = ServerFile {
            address: addresses[0],
            pid: std::process::id(),
            boot_id: process.boot_id.clone(),
        };
        let file = file.write(context.data_dir())?;
        let stop = process.stop();
        let serving = service::serve(listeners, process.router.clone(), stop.clone());
        tokio::spawn(async move {
            stopped.await;
            stop.cancel();
        });
        Ok(Self { addresses, process, serving: tokio::spawn(serving), file })
    }

    /// Serves until the process is asked to stop, then lets what is under way end.
    pub(crate) async fn until_stopped(self) -> Result {
        let served = self.serving.await.context("the server broke");
        drop(self.file);
        self.process.close().await;
        Ok(served??)
    }

    /// Stops at once.
    pub(crate) async fn stop(self) -> Result {
        self.process.stop().cancel();
        self.until_stopped().await
    }
}

async fn listen(context: &Context, ports: &[u16]) -> Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    for port in ports {
        let at = SocketAddr::new(context.settings.server.host, *port);
        listeners.push(TcpListener::bind(at).await.map_err(|error| taken(at, &error))?);
    }
    Ok(listeners)
}

fn taken(at: SocketAddr, error: &std::io::Error) -> Failure {
    let advice = "stop what listens there, or choose others: convergence serve --port 9000,9001";
    Failure::advice(format!("cannot listen on {at}: {error}"), advice)
}
