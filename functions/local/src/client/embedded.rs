//! To the functions in this process, for when no server runs.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use convergence::settings::Settings;
use http::{Request, Response};
use tower::ServiceExt as _;

use super::Transport;
use crate::process::Process;

/// Sends requests to a router that has the files open.
pub(crate) struct Embedded(Process);

impl Embedded {
    /// Opens the files.
    ///
    /// # Errors
    ///
    /// As [`Process::open`].
    pub(crate) fn open(settings: &Arc<Settings>) -> anyhow::Result<Self> {
        Process::open(settings).map(Self)
    }
}

#[async_trait]
impl Transport for Embedded {
    async fn send(&self, request: Request<Body>) -> anyhow::Result<Response<Body>> {
        let Ok(response) = self.0.router.clone().oneshot(request).await;
        Ok(response)
    }

    fn boot_id(&self) -> &str {
        &self.0.boot_id
    }

    async fn close(self: Box<Self>) {
        self.0.close().await;
    }
}
