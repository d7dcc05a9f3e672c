//! To a server that is running on this machine.

use anyhow::Context as _;
use async_trait::async_trait;
use axum::body::Body;
use convergence::http::outgoing;
use http::{Request, Response};

use super::Transport;
use crate::server_file::ServerFile;

/// Sends requests to the server of `data/server.json`.
pub(crate) struct Remote {
    http: reqwest::Client,
    server: ServerFile,
}

impl Remote {
    /// The server of a file, if it is alive.
    pub(crate) async fn find(server: ServerFile) -> Option<Self> {
        let http = outgoing().no_proxy().build().ok()?;
        let health = http.get(format!("http://{}/health", server.address)).send().await.ok()?;
        health.status().is_success().then_some(Self { http, server })
    }
}

#[async_trait]
impl Transport for Remote {
    async fn send(&self, request: Request<Body>) -> anyhow::Result<Response<Body>> {
        let (parts, body) = request.into_parts();
        let address = &self.server.address;
        let answer = self
            .http
            .request(parts.method, format!("http://{address}{}", parts.uri))
            .headers(parts.headers)
            .body(reqwest::Body::wrap_stream(body.into_data_stream()))
            .send()
            .await
            .with_context(|| format!("the server at {address} does not answer"))?;
        let answer: Response<reqwest::Body> = answer.into();
        Ok(answer.map(Body::new))
    }

    fn boot_id(&self) -> &str {
        &self.server.boot_id
    }
}
