//! `convergence serve`

use std::net::SocketAddr;

use clap::Args;

use crate::{
    context::Context,
    failure::{Failure, Result},
    server::Server,
    view::Screen,
};

/// What `serve` takes.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    ports: Ports,
}

/// Where to listen.
#[derive(Debug, Args)]
pub(crate) struct Ports {
    /// Where to listen; 0 takes any free port
    #[arg(
        long = "port",
        value_name = "PORT",
        value_delimiter = ',',
        default_values_t = [8000, 8001]
    )]
    pub(crate) list: Vec<u16>,
}

impl Serve {
    /// Serves until the process is asked to stop.
    pub(crate) async fn run(self, context: &Context) -> Result {
        if context.server().await.is_some() {
            return Err(Failure::advice(
                format!("a server with the files in {} runs already", context.data_dir().display()),
                "stop it first, or set DATA_DIR to another folder",
            ));
        }
        let server = Server::start(context, &self.ports.list).await?;
        announce(context.screen, &server.addresses);
        server.until_stopped().await
    }
}

/// Says where the server is, and how to stop it.
pub(crate) fn announce(screen: Screen, addresses: &[SocketAddr]) {
    let urls: Vec<_> = addresses.iter().map(|address| format!("http://{address}")).collect();
    screen.done("serving", &format!("{} · Ctrl-C stops", urls.join(" and ")));
}
