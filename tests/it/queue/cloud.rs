//! An app whose queue is Pub/Sub, and whose callers carry tokens of an issuer elsewhere.

use std::sync::{Arc, LazyLock};

use convergence::clock::Clock as _;
use integration_tests::{Answer, As, Issuer, Options, SigningKey, TestApp, TestClock};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::topics::{DEAD, RUNS};

pub(super) const PUSH: &str = "push@project.iam.gserviceaccount.com";
pub(super) const KID: &str = "1";
pub(super) static KEY: LazyLock<SigningKey> = LazyLock::new(SigningKey::generate);
const AUDIENCE: &str = "https://worker.example.com";
const PATH: &str = "/internal/pubsub/pipeline-runs";

/// The app.
pub(super) struct Cloud {
    pub(super) app: TestApp,
    _issuer: Issuer,
}

impl Cloud {
    /// One that publishes to a project at a host.
    pub(super) async fn new(host: &str, project: &str) -> Self {
        Self::with(host, project, Options::default()).await
    }

    /// One over what another app left.
    pub(super) async fn after(folder: Arc<TempDir>, clock: Arc<TestClock>) -> Self {
        let options = Options { folder: Some(folder), clock: Some(clock), ..Options::default() };
        // Nothing is published here: nobody answers.
        Self::with("127.0.0.1:1", "demo", options).await
    }

    /// One that differs.
    pub(super) async fn with(host: &str, project: &str, mut options: Options) -> Self {
        let issuer = Issuer::start().await;
        issuer.publish(&[(KID, &KEY)]).await;
        let settings = [
            ("QUEUE_URL", format!("pubsub://{project}/{RUNS}")),
            ("DEAD_LETTERS_URL", format!("pubsub://{project}/subscriptions/{DEAD}")),
            ("PUBSUB_EMULATOR_HOST", host.to_owned()),
            ("OIDC_AUDIENCE", AUDIENCE.to_owned()),
            ("OIDC_JWKS_URL", issuer.jwks_url()),
            ("OIDC_PUSH_EMAIL", PUSH.to_owned()),
        ];
        options.settings.extend(settings.map(|(name, value)| (name.to_owned(), value)));
        Self { app: TestApp::with(options).await, _issuer: issuer }
    }

    /// A good token's claims, as Pub/Sub's have them.
    pub(super) fn claims(&self) -> Value {
        let now = self.app.clock.now().as_second();
        json!({
            "iss": "https://accounts.google.com", "aud": AUDIENCE, "azp": "17", "sub": "17",
            "email": PUSH, "email_verified": true, "iat": now, "exp": now + 3600,
        })
    }

    /// Whoever has a good token.
    pub(super) fn pusher(&self) -> As {
        As::Bearer(KEY.sign(KID, &self.claims()))
    }

    /// Pushes as somebody.
    pub(super) async fn push(&self, caller: As, body: &Value) -> Answer {
        self.app.post(caller, PATH).json(body).send().await
    }

    /// Publishes what is due, and looks at what was given up.
    pub(super) async fn sweep(&self) -> Value {
        let call = self.app.post(As::Root, "/internal/scheduler/sweep").json(&json!({}));
        call.send().await.json_of(200)
    }
}
