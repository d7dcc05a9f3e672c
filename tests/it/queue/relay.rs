//! Pub/Sub's pushes on their way to the app.

use std::sync::Arc;

use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use serde_json::Value;
use tokio::{net::TcpListener, sync::mpsc};
use tokio_util::task::AbortOnDropHandle;

use super::cloud::Cloud;

/// The emulator pushes without a token: this adds the one that Pub/Sub would have.
pub(super) struct Relay {
    /// Where pushes go.
    pub(super) url: String,
    answers: mpsc::UnboundedReceiver<u16>,
    _server: AbortOnDropHandle<()>,
}

type Between = (Arc<Cloud>, mpsc::UnboundedSender<u16>);

async fn relayed(State((cloud, told)): State<Between>, body: Bytes) -> StatusCode {
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    let status = cloud.push(cloud.pusher(), &body).await.status;
    told.send(status.as_u16()).expect("the test listens");
    status
}

impl Relay {
    pub(super) async fn start(cloud: Arc<Cloud>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let (told, answers) = mpsc::unbounded_channel();
        let router = Router::new().route("/", post(relayed)).with_state((cloud, told));
        let server =
            tokio::spawn(async move { axum::serve(listener, router).await.expect("served") });
        Self { url, answers, _server: AbortOnDropHandle::new(server) }
    }

    /// What the next push was answered.
    pub(super) async fn answer(&mut self) -> u16 {
        self.answers.recv().await.expect("the relay is there")
    }

    /// Whether nothing was pushed that nobody asked about.
    pub(super) fn is_quiet(&self) -> bool {
        self.answers.is_empty()
    }
}
