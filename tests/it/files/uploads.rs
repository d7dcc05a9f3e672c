//! A file that a client sends to the bucket by itself, until its rows are costs.

use std::collections::BTreeMap;

use http::Method;
use integration_tests::{As, Options, TestApp, emulators, faults::Fault};
use serde_json::{Value, json};
use sha2::Digest as _;

use super::world::{Place, http};

const SAMPLE: &[u8] = include_bytes!("../../../demo/focus-1.0-sample-1000.csv");

/// Acme, whose files are in a bucket.
struct Acme {
    app: TestApp,
    key: As,
    place: Place,
}

impl Acme {
    async fn new() -> Option<Self> {
        let storage = emulators::needed(emulators::storage().await)?;
        let place = Place::new(storage.host()).await;
        let settings = [
            ("FILES_URL".to_owned(), format!("gs://{}/eu", place.name)),
            ("STORAGE_EMULATOR_HOST".to_owned(), place.proxy.host().to_owned()),
        ];
        let settings = BTreeMap::from(settings);
        let app = TestApp::with(Options { settings, ..Options::default() }).await;
        let body =
            json!({ "org_slug": "acme", "company_name": "A", "admin_email": "a@acme.example" });
        let made = app.post(As::Root, "/api/v1/organizations/onboard").json(&body);
        let made = made.send().await.json_of(201);
        let key = As::Key(made["api_key"].as_str().unwrap().to_owned());
        Some(Self { app, key, place })
    }

    async fn start(&self) -> Value {
        let start = self.app.post(self.key.clone(), "/api/v1/pipelines/acme/uploads");
        start.json(&json!({ "file_name": "costs.csv" })).send().await.json_of(201)
    }

    /// Sends a file to where the start said, as any client would.
    async fn send(&self, started: &Value, bytes: &'static [u8]) {
        let method: Method = started["method"].as_str().unwrap().parse().unwrap();
        let mut request = http().request(method, started["url"].as_str().unwrap()).body(bytes);
        for (name, value) in started["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        let sent = request.send().await.unwrap();
        assert!(sent.status().is_success(), "{}", sent.status());
    }

    fn ask(&self, input: &Value) -> integration_tests::Call<'_> {
        let path = "/api/v1/pipelines/run/acme/focus/cost/import";
        self.app.post(self.key.clone(), path).json(&json!({ "input": input }))
    }

    async fn run(&self, input: &Value) -> String {
        let accepted = self.ask(input).send().await.json_of(202);
        accepted["run_id"].as_str().unwrap().to_owned()
    }

    async fn shown(&self, run: &str) -> Value {
        let path = format!("/api/v1/pipelines/acme/runs/{run}");
        self.app.get(self.key.clone(), &path).send().await.json_of(200)
    }

    /// Deletes what clients sent, as the bucket does after days.
    async fn forget_incoming(&self) {
        for name in self.place.names().await {
            if name.contains("incoming/") {
                let (host, bucket) = (&self.place.host, &self.place.name);
                let name = name.replace('/', "%2F");
                let url = format!("http://{host}/storage/v1/b/{bucket}/o/{name}");
                http().delete(url).send().await.unwrap().error_for_status().unwrap();
            }
        }
    }

    fn kept() -> String {
        hex::encode(sha2::Sha256::digest(SAMPLE))
    }
}

#[tokio::test]
async fn a_file_goes_from_the_client_to_the_bucket_and_becomes_rows() {
    let Some(acme) = Acme::new().await else { return };
    let started = acme.start().await;
    let url = started["url"].as_str().unwrap();
    let at = format!(
        "/{}/eu/incoming/acme/{}?",
        acme.place.name,
        started["upload_id"].as_str().unwrap()
    );
    assert!(url.starts_with("http://") && url.contains(&at), "{url}");
    assert_eq!(started["headers"]["x-goog-if-generation-match"], "0");
    acme.send(&started, SAMPLE).await;
    let run = acme.run(&started["input"]).await;
    acme.app.deliver().await;
    let run = acme.shown(&run).await;
    assert_eq!((&run["status"], &run["steps"][0]["rows"]), (&json!("COMPLETED"), &json!(1000)));
    assert_eq!(run["input_sha256"], Acme::kept());
    let kept = format!("eu/files/acme/{}", Acme::kept());
    assert!(acme.place.names().await.contains(&kept));
}

#[tokio::test]
async fn a_retry_reads_the_kept_file_when_what_was_sent_is_gone() {
    let Some(acme) = Acme::new().await else { return };
    let started = acme.start().await;
    acme.send(&started, SAMPLE).await;
    let first = acme.run(&started["input"]).await;
    acme.app.deliver().await;
    acme.forget_incoming().await;
    let path = format!("/api/v1/pipelines/acme/runs/{first}/retry");
    let again = acme.app.post(acme.key.clone(), &path).json(&json!({}));
    let again = again.send().await.json_of(202);
    acme.app.deliver().await;
    let again = acme.shown(again["run_id"].as_str().unwrap()).await;
    assert_eq!((&again["status"], &again["steps"][0]["rows"]), (&json!("COMPLETED"), &json!(1000)));
}

#[tokio::test]
async fn a_file_that_was_not_sent_or_is_empty_is_no_input() {
    let Some(acme) = Acme::new().await else { return };
    let started = acme.start().await;
    let refused = acme.ask(&started["input"]).send().await.json_of(422);
    assert_eq!(refused["details"][0]["message"], "the upload is not finished: PUT the file first");
    acme.send(&started, b"").await;
    let refused = acme.ask(&started["input"]).send().await.json_of(422);
    assert_eq!(refused["details"][0]["message"], "the file that was uploaded is empty");
}

#[tokio::test]
async fn a_file_that_is_gone_before_its_run_fails_it_in_plain_words() {
    let Some(acme) = Acme::new().await else { return };
    let started = acme.start().await;
    acme.send(&started, SAMPLE).await;
    let run = acme.run(&started["input"]).await;
    acme.forget_incoming().await;
    acme.app.deliver().await;
    let run = acme.shown(&run).await;
    assert_eq!((&run["status"], &run["error"]["code"]), (&json!("FAILED"), &json!("input_gone")));
}

#[tokio::test]
async fn a_file_may_also_come_through_us() {
    let Some(acme) = Acme::new().await else { return };
    let started = acme.start().await;
    let path = format!("/api/v1/pipelines/acme/uploads/{}", started["upload_id"].as_str().unwrap());
    let put = acme.app.put(acme.key.clone(), &path).body(SAMPLE).send().await.json_of(200);
    assert_eq!(put["sha256"], Acme::kept());
    let run = acme.run(&started["input"]).await;
    acme.app.deliver().await;
    assert_eq!(acme.shown(&run).await["status"], "COMPLETED");
}

#[tokio::test]
async fn a_run_waits_while_the_bucket_does_not_answer_and_is_whole_afterwards() {
    let Some(acme) = Acme::new().await else { return };
    let started = acme.start().await;
    acme.send(&started, SAMPLE).await;
    let run = acme.run(&started["input"]).await;
    acme.place.proxy.always("", Fault::UNAVAILABLE);
    acme.app.deliver().await;
    let waits = acme.shown(&run).await;
    assert_eq!(waits["status"], "PENDING", "{waits:#}");
    acme.place.proxy.clear();
    acme.app.clock.advance(jiff::SignedDuration::from_mins(10));
    acme.app.sweep().await;
    acme.app.deliver().await;
    let run = acme.shown(&run).await;
    assert_eq!((&run["status"], &run["steps"][0]["rows"]), (&json!("COMPLETED"), &json!(1000)));
}
