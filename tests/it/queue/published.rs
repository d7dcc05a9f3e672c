//! Publishing to Pub/Sub, and what becomes of runs that could not be published.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use convergence::settings::Settings;
use integration_tests::faults::{Fault, Faults};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    cloud::Cloud,
    topics::{RUNS, Topics},
};
use crate::pipelines::{IMPORT, SAMPLE, tenant};

const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Asks for an import; gives the id of its run.
async fn asked(cloud: &Cloud, org: &'static str) -> Value {
    let acme = tenant(&cloud.app, org).await;
    let body = json!({ "input": acme.upload("costs.csv", SAMPLE).await });
    let call = acme.asks(IMPORT, &body).header("traceparent", TRACEPARENT);
    call.send().await.json_of(202)["run_id"].clone()
}

fn publishes(faults: &Faults) -> usize {
    faults.calls().iter().filter(|call| call.ends_with("Publisher/Publish")).count()
}

#[tokio::test]
async fn a_message_is_what_the_contract_says() {
    let Some(topics) = Topics::new().await else { return };
    let cloud = Cloud::new(&topics.host, &topics.project).await;
    let run_id = asked(&cloud, "Acme_Inc").await;
    let mut messages = topics.pull(RUNS).await;
    assert_eq!(messages.len(), 1);
    let message = messages.remove(0);
    let data = BASE64_STANDARD.decode(message["data"].as_str().expect("data")).expect("base64");
    let data: Value = serde_json::from_slice(&data).expect("JSON");
    let pipeline = "focus/cost/import";
    let expected =
        json!({ "run_id": run_id, "org_slug": "Acme_Inc", "pipeline": pipeline, "attempt": 1 });
    assert_eq!(data, expected);
    let attributes =
        json!({ "org_slug": "Acme_Inc", "pipeline": pipeline, "traceparent": TRACEPARENT });
    assert_eq!(message["attributes"], attributes);
    assert!(message.get("orderingKey").is_none_or(|key| key == ""), "{message}");
}

#[tokio::test]
async fn what_may_pass_is_tried_again_at_once() {
    let Some(topics) = Topics::new().await else { return };
    for (org, fault) in [
        ("acme", Fault::UNAVAILABLE),
        ("globex", Fault::THROTTLED),
        ("initech", Fault::ABORTED),
        ("umbrella", Fault::Lost),
    ] {
        let faults = Faults::before(&topics.host).await;
        let cloud = Cloud::new(faults.host(), &topics.project).await;
        faults.nth("Publish", 0, fault);
        let run_id = asked(&cloud, org).await;
        assert_eq!((faults.injected(), publishes(&faults)), (1, 2), "{fault:?}");
        let runs = topics.runs().await;
        // A lost answer is no lost message: it came twice, and is one run.
        assert_eq!(runs.len(), if fault == Fault::Lost { 2 } else { 1 }, "{fault:?}");
        assert!(runs.iter().all(|run| run_id == run.run_id.to_string()), "{fault:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_published_now_the_sweep_publishes() {
    let Some(topics) = Topics::new().await else { return };
    let faults = Faults::before(&topics.host).await;
    let cloud = Cloud::new(faults.host(), &topics.project).await;
    faults.always("Publish", Fault::DENIED);
    let run_id = asked(&cloud, "acme").await;
    assert_eq!(publishes(&faults), 1, "what never passes is not tried again");
    assert!(topics.runs().await.is_empty());
    faults.clear();
    assert_eq!(cloud.sweep().await["runs"], 0, "its time has not come");
    cloud.app.clock.advance(SignedDuration::from_mins(3));
    assert_eq!(cloud.sweep().await["runs"], 1);
    let runs = topics.runs().await;
    assert_eq!((runs.len(), json!(runs[0].run_id)), (1, run_id));
}

/// However long Pub/Sub is down, whoever asks for a run gets an answer well before a time-out.
#[tokio::test]
async fn a_publisher_gives_up_in_time() {
    let Some(topics) = Topics::new().await else { return };
    let faults = Faults::before(&topics.host).await;
    let cloud = Cloud::new(faults.host(), &topics.project).await;
    faults.always("Publish", Fault::UNAVAILABLE);
    asked(&cloud, "acme").await;
    assert!((2..=5).contains(&publishes(&faults)), "{:?}", faults.calls());
}

#[test]
fn a_topic_is_named_whole() {
    use std::sync::Arc;

    use convergence::{
        clock::SystemClock,
        service::{Embedded, Parts, open},
    };
    for bad in ["pubsub://project", "pubsub://project/", "pubsub:///topic", "pubsub://p/t/x"] {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().display().to_string();
        let variables =
            [("DATA_DIR", data.as_str()), ("QUEUE_URL", bad), ("PUBSUB_EMULATOR_HOST", "h")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let settings = Settings::read("costs", &variables.into()).expect("good");
        let parts = Parts::real(Arc::new(SystemClock), Embedded::absent());
        let refused = open(Arc::new(settings), parts).err().expect("it is no topic").to_string();
        assert!(refused.contains("QUEUE_URL") && refused.contains("{topic}"), "{refused}");
    }
}
