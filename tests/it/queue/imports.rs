//! Large imports: handed to a job of Cloud Run, which executes the same run without a request.

use convergence::settings::Settings;
use integration_tests::{As, Options, TestApp};
use jiff::SignedDuration;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::pipelines::{IMPORT, SAMPLE, tenant};

const JOB: &str = "projects/p/locations/europe-west1/jobs/run-import";

/// A fake of the API that starts jobs, and an app for which the sample is large.
async fn app(answer: ResponseTemplate) -> (MockServer, TestApp) {
    let server = MockServer::start().await;
    let run = Mock::given(method("POST")).and(path(format!("/v2/{JOB}:run")));
    run.respond_with(answer).mount(&server).await;
    let settings = [
        ("IMPORT_JOB", JOB.to_owned()),
        ("IMPORT_JOB_MIN_BYTES", SAMPLE.len().to_string()),
        ("IMPORT_JOB_TIMEOUT_SECONDS", "7200".to_owned()),
        ("CLOUD_RUN_EMULATOR_HOST", server.address().to_string()),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value)).into();
    let app = TestApp::with(Options { settings, ..Options::default() }).await;
    (server, app)
}

async fn asked(app: &TestApp, bytes: &[u8]) -> String {
    let acme = tenant(app, "acme").await;
    let body = json!({ "input": acme.upload("costs.csv", bytes).await });
    let accepted = acme.asks(IMPORT, &body).send().await.json_of(202);
    accepted["run_id"].as_str().expect("an id").to_owned()
}

async fn run(app: &TestApp, id: &str) -> Value {
    let path = format!("/api/v1/pipelines/acme/runs/{id}");
    app.get(As::Root, &path).send().await.json_of(200)
}

async fn requests(server: &MockServer) -> Vec<Value> {
    let requests = server.received_requests().await.expect("recorded");
    requests.iter().map(|request| request.body_json().expect("JSON")).collect()
}

/// The process that the job starts: over the same backends, and hands nothing on.
async fn job(app: TestApp) -> TestApp {
    let (folder, clock) = (Some(app.folder.clone()), Some(app.clock.clone()));
    drop(app);
    TestApp::with(Options { folder, clock, ..Options::default() }).await
}

fn named(id: &str) -> Vec<String> {
    vec!["acme".to_owned(), id.to_owned()]
}

#[tokio::test]
async fn a_large_import_is_handed_over_once_and_done_by_the_job() {
    let (server, app) = app(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let id = asked(&app, SAMPLE).await;
    let message = app.next_message().await.expect("a message");
    for _ in 0..3 {
        assert!(app.push(&message).await.is_success());
    }
    let expected = json!({
        "overrides": {
            "containerOverrides": [{ "args": ["import", "acme", id] }],
            "taskCount": 1,
            "timeout": "7200s",
        }
    });
    assert_eq!(requests(&server).await, [expected]);
    let waits = run(&app, &id).await;
    assert_eq!((&waits["status"], &waits["attempts"]), (&json!("PENDING"), &json!(0)));
    let job = job(app).await;
    run_pipeline::import(job.state.clone(), named(&id)).await.expect("done");
    let done = run(&job, &id).await;
    assert_eq!((&done["status"], &done["steps"][0]["rows"]), (&json!("COMPLETED"), &json!(1000)));
    // The task is started again: there is nothing left to do.
    run_pipeline::import(job.state.clone(), named(&id)).await.expect("done");
    assert_eq!(run(&job, &id).await, done);
}

#[tokio::test]
async fn a_small_import_stays_with_the_worker() {
    let (server, app) = app(ResponseTemplate::new(200)).await;
    let id = asked(&app, &SAMPLE[..SAMPLE.len() - 1]).await;
    app.deliver().await;
    assert_eq!(run(&app, &id).await["status"], "COMPLETED");
    assert!(requests(&server).await.is_empty());
}

#[tokio::test]
async fn a_job_that_never_comes_is_started_again() {
    let (server, app) = app(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    asked(&app, SAMPLE).await;
    app.deliver().await;
    app.clock.advance(SignedDuration::from_mins(9));
    app.sweep().await;
    assert_eq!((app.deliver().await, requests(&server).await.len()), (0, 1), "it may still come");
    app.clock.advance(SignedDuration::from_mins(2));
    app.sweep().await;
    assert_eq!((app.deliver().await, requests(&server).await.len()), (1, 2));
}

#[tokio::test]
async fn a_job_that_cannot_be_started_is_tried_later_and_at_last_given_up() {
    let refused = json!({ "error": { "message": "Permission 'run.jobs.run' denied" } });
    let (server, app) = app(ResponseTemplate::new(403).set_body_json(refused)).await;
    let id = asked(&app, SAMPLE).await;
    for times in 1..=5 {
        assert_eq!(app.deliver().await, 1);
        assert_eq!(requests(&server).await.len(), times, "what never passes is tried once");
        assert_eq!(run(&app, &id).await["status"], "PENDING");
        app.clock.advance(SignedDuration::from_mins(20));
        app.sweep().await;
    }
    app.deliver().await;
    let given_up = run(&app, &id).await;
    assert_eq!(
        (&given_up["status"], &given_up["error"]["code"]),
        (&json!("FAILED"), &json!("job_not_started"))
    );
    let usage = app.get(As::Root, "/api/v1/organizations/acme").send().await.json_of(200);
    assert_eq!(usage["usage"]["concurrent_runs"]["used"], 0);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_at_once() {
    let (server, app) = app(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let busy = Mock::given(method("POST")).respond_with(ResponseTemplate::new(503));
    busy.up_to_n_times(1).with_priority(1).mount(&server).await;
    asked(&app, SAMPLE).await;
    app.deliver().await;
    assert_eq!(requests(&server).await.len(), 2);
}

#[tokio::test]
async fn what_was_cancelled_on_the_way_is_not_executed() {
    let (_server, app) = app(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let id = asked(&app, SAMPLE).await;
    app.deliver().await;
    let cancel = format!("/api/v1/pipelines/acme/runs/{id}/cancel");
    let _ = app.post(As::Root, &cancel).send().await.expect(202);
    let job = job(app).await;
    run_pipeline::import(job.state.clone(), named(&id)).await.expect("nothing to do");
    let cancelled = run(&job, &id).await;
    assert_eq!((&cancelled["status"], &cancelled["attempts"]), (&json!("CANCELLED"), &json!(0)));
}

#[tokio::test]
async fn a_job_without_a_run_says_so() {
    let app = TestApp::new().await;
    for (arguments, word) in [
        (vec![], "import {org} {run id}"),
        (vec!["acme"], "import {org} {run id}"),
        (vec!["../etc", "x"], "organization"),
        (vec!["acme", "x"], "id of a run"),
        (vec!["acme", "01a20ccb-b597-7ff1-921d-32439ff55c2b"], "no run"),
    ] {
        let arguments = arguments.into_iter().map(ToOwned::to_owned).collect();
        let refused = run_pipeline::import(app.state.clone(), arguments).await.expect_err("no run");
        assert!(format!("{refused:#}").contains(word), "{refused:#}");
    }
}

/// The process that Cloud Run starts as a job hands nothing on, and has more time.
#[test]
fn a_job_works_as_long_as_it_may() {
    let read = |more: &[(&str, &str)]| {
        let mut all = vec![
            ("ENVIRONMENT", "production"),
            ("RATE_LIMIT_ENABLED", "true"),
            ("WAREHOUSE_URL", "bigquery://p"),
            ("STORE_URL", "firestore://p/d"),
            ("QUEUE_URL", "pubsub://p/t"),
            ("KMS_URL", "gcpkms://p"),
            ("FILES_URL", "gs://b"),
            ("HASH_KEY", "0123456789abcdef0123456789abcdef"),
            ("IMPORT_JOB", JOB),
        ];
        all.extend(more);
        let all = all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Settings::read("run-pipeline", &all.collect()).expect("good").work
    };
    let (worker, job) = (read(&[("K_SERVICE", "w")]), read(&[("CLOUD_RUN_JOB", "run-import")]));
    assert_eq!((worker.timeout.as_secs(), worker.is_job), (600, false));
    assert_eq!((job.timeout.as_secs(), job.is_job), (14400, true));
    assert!(worker.job.is_some() && job.job.is_none());
}
