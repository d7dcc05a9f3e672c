//! A request to the app, as somebody.

use axum::body::Body;
use http::{
    HeaderName, Method, Request,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{Answer, TestApp};

/// Who calls.
#[derive(Debug, Clone)]
pub enum As {
    /// Somebody without credentials.
    Nobody,
    /// The holder of the root key.
    Root,
    /// The holder of an API key.
    Key(String),
    /// The holder of a bearer token.
    Bearer(String),
}

/// A request that is being put together.
#[must_use]
pub struct Call<'a> {
    app: &'a TestApp,
    request: http::request::Builder,
    body: Body,
}

impl<'a> Call<'a> {
    pub(crate) fn new(app: &'a TestApp, caller: As, method: Method, path: &str) -> Self {
        let request = Request::builder().method(method).uri(path);
        let request = match caller {
            As::Nobody => request,
            As::Root => request.header("x-ca-root-key", TestApp::ROOT_KEY),
            As::Key(key) => request.header("x-api-key", key),
            As::Bearer(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
        };
        Self { app, request, body: Body::empty() }
    }

    /// With a header.
    pub fn header(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.request = self.request.header(HeaderName::from_static(name), value.as_ref());
        self
    }

    /// With an `Idempotency-Key`.
    pub fn once(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With a JSON body.
    pub fn json(mut self, body: &Value) -> Self {
        self.request = self.request.header(CONTENT_TYPE, "application/json");
        self.body = Body::from(body.to_string());
        self
    }

    /// With any body; the content type is yours to give.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it and reads the answer to its end.
    ///
    /// # Panics
    ///
    /// Where the request or the answer cannot be made.
    pub async fn send(self) -> Answer {
        let response = self.response().await;
        let (parts, body) = response.into_parts();
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => panic!("the answer broke off: {error}"),
        };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends it and leaves the body unread, for streams.
    ///
    /// # Panics
    ///
    /// Where the request cannot be made.
    pub async fn response(self) -> axum::response::Response {
        let Self { app, request, body } = self;
        let request = match request.body(body) {
            Ok(request) => request,
            Err(error) => panic!("no request: {error}"),
        };
        let Ok(response) = app.router.clone().oneshot(request).await;
        response
    }
}
