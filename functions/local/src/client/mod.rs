//! How commands reach the functions: over HTTP, or in this process. One trait, two transports.

mod embedded;
mod refusal;
mod remote;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use http::{Method, Request, Response, header::CONTENT_TYPE};
use serde_json::Value;

pub(crate) use self::{embedded::Embedded, refusal::Refusal, remote::Remote};
use crate::failure::Result;

/// Largest answer that is read whole.
const LARGEST_ANSWER: usize = 64 << 20;

/// Takes a request to the functions and brings the answer.
#[async_trait]
pub(crate) trait Transport: Send + Sync {
    /// Sends one request.
    ///
    /// # Errors
    ///
    /// Fails when nobody answers; a refusal is an answer.
    async fn send(&self, request: Request<Body>) -> anyhow::Result<Response<Body>>;

    /// The boot id of the process that answers: proof that we are on its machine.
    fn boot_id(&self) -> &str;

    /// Puts down what was opened.
    async fn close(self: Box<Self>) {}
}

/// On whose behalf a request is sent.
#[derive(Clone)]
pub(crate) enum Caller {
    /// The operator.
    Root(String),
    /// An organization.
    Key(String),
}

/// Speaks JSON over a transport, on behalf of somebody.
pub(crate) struct Client {
    transport: Box<dyn Transport>,
}

impl Client {
    pub(crate) fn new(transport: Box<dyn Transport>) -> Self {
        Self { transport }
    }

    /// Puts down what was opened. Dropped without it, what is under way goes on at the next start.
    pub(crate) async fn close(self) {
        self.transport.close().await;
    }

    /// The answer to a GET.
    pub(crate) async fn get(&self, caller: &Caller, path: &str) -> Result<Value> {
        self.ask(caller, Method::GET, path, None).await
    }

    /// The answer to a POST.
    pub(crate) async fn post(&self, caller: &Caller, path: &str, body: &Value) -> Result<Value> {
        self.ask(caller, Method::POST, path, Some(body)).await
    }

    async fn ask(
        &self,
        caller: &Caller,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-ca-boot-id", self.transport.boot_id());
        request = match caller {
            Caller::Root(key) => request.header("x-ca-root-key", key),
            Caller::Key(key) => request.header("x-api-key", key),
        };
        let request = match body {
            Some(body) => request
                .header(CONTENT_TYPE, "application/json")
                .body(Body::from(serde_json::to_vec(body).map_err(anyhow::Error::from)?)),
            None => request.body(Body::empty()),
        };
        read(self.transport.send(request.map_err(anyhow::Error::from)?).await?).await
    }
}

async fn read(response: Response<Body>) -> Result<Value> {
    let status = response.status();
    let body = to_bytes(response.into_body(), LARGEST_ANSWER).await.map_err(anyhow::Error::from)?;
    if !status.is_success() {
        return Err(Refusal::read(status, &body).into());
    }
    if body.is_empty() {
        return Ok(Value::Null);
    }
    Ok(serde_json::from_slice(&body).map_err(anyhow::Error::from)?)
}
