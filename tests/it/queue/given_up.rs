//! What Pub/Sub gave up: published again, kept and shown, or let go.

use integration_tests::{
    As, TestApp,
    faults::{Fault, Faults},
};
use serde_json::{Value, json};

use super::{
    cloud::Cloud,
    topics::{DEAD, Topics},
};
use crate::pipelines::{IMPORT, SAMPLE, tenant};

const LETTERS: &str = "/api/v1/scheduler/dead-letters";
const BROKEN: &[u8] = b"a,b\n1,2\n";

/// Asks for an import; gives the message of its run, which is delivered by nobody.
async fn asked(cloud: &Cloud, topics: &Topics, bytes: &[u8]) -> Vec<u8> {
    let acme = tenant(&cloud.app, "acme").await;
    let body = json!({ "input": acme.upload("costs.csv", bytes).await });
    let _ = acme.asks(IMPORT, &body).send().await.expect(202);
    serde_json::to_vec(&topics.runs().await[0]).expect("JSON")
}

async fn letters(app: &TestApp) -> Vec<Value> {
    let list = app.get(As::Root, LETTERS).send().await.json_of(200);
    list["items"].as_array().expect("items").clone()
}

async fn run(cloud: &Cloud, message: &[u8]) -> Value {
    let message: Value = serde_json::from_slice(message).expect("JSON");
    let path = format!("/api/v1/pipelines/acme/runs/{}", message["run_id"].as_str().expect("id"));
    cloud.app.get(As::Root, &path).send().await.json_of(200)
}

/// Delivers a message as Pub/Sub would.
async fn delivered(cloud: &Cloud, message: &[u8]) {
    let message = serde_json::from_slice(message).expect("ours");
    let body = convergence::queue::envelope(&message, "17", "push").expect("JSON");
    let _ = cloud.push(cloud.pusher(), &body).await.expect(204);
}

#[tokio::test]
async fn a_lost_delivery_is_published_again_and_is_no_letter() {
    let Some(topics) = Topics::new().await else { return };
    let cloud = Cloud::new(&topics.host, &topics.project).await;
    let message = asked(&cloud, &topics, SAMPLE).await;
    topics.give_up(&message).await;
    assert_eq!(cloud.sweep().await["dead_letters"], 1);
    let again = topics.runs().await;
    assert_eq!(serde_json::to_vec(&again[0]).expect("JSON"), message);
    assert!(letters(&cloud.app).await.is_empty());
    assert_eq!(cloud.sweep().await["dead_letters"], 0, "it was acknowledged");
    delivered(&cloud, &message).await;
    assert_eq!(run(&cloud, &message).await["status"], "COMPLETED");
}

#[tokio::test]
async fn what_was_done_all_the_same_is_let_go() {
    let Some(topics) = Topics::new().await else { return };
    let cloud = Cloud::new(&topics.host, &topics.project).await;
    let message = asked(&cloud, &topics, SAMPLE).await;
    delivered(&cloud, &message).await;
    topics.give_up(&message).await;
    assert_eq!(cloud.sweep().await["dead_letters"], 1);
    assert!(letters(&cloud.app).await.is_empty() && topics.runs().await.is_empty());
}

#[tokio::test]
async fn a_run_that_failed_is_shown_with_its_reason_and_replayed_once() {
    let Some(topics) = Topics::new().await else { return };
    let cloud = Cloud::new(&topics.host, &topics.project).await;
    let made = cloud.app.post(As::Root, "/api/v1/admin/bootstrap").json(&json!({}));
    let _ = made.send().await.expect(200);
    let message = asked(&cloud, &topics, BROKEN).await;
    delivered(&cloud, &message).await;
    let failed = run(&cloud, &message).await;
    assert_eq!(failed["status"], "FAILED");
    topics.give_up(&message).await;
    cloud.sweep().await;
    let shown = letters(&cloud.app).await;
    assert_eq!(shown.len(), 1);
    let letter = &shown[0];
    assert_eq!(
        (&letter["run_id"], &letter["reason"]),
        (&failed["run_id"], &failed["error"]["message"])
    );
    assert_eq!((&letter["deliveries"], &letter["org_slug"]), (&json!(5), &json!("acme")));
    let path = format!("{LETTERS}/{}/replay", letter["letter_id"].as_str().expect("an id"));
    let send = || cloud.app.post(As::Root, &path).json(&json!({})).once("k").send();
    let replayed = send().await.json_of(202);
    assert_eq!(send().await.json_of(202), replayed, "the same request is one replay");
    assert!(letters(&cloud.app).await.is_empty());
    let runs = topics.runs().await;
    assert_eq!((runs.len(), json!(runs[0].run_id)), (1, replayed["run_id"].clone()));
    let new = run(&cloud, &serde_json::to_vec(&runs[0]).expect("JSON")).await;
    assert_eq!((&new["retry_of"], &new["status"]), (&failed["run_id"], &json!("PENDING")));
    let again = cloud.app.post(As::Root, &path).json(&json!({})).send().await;
    assert_eq!(again.refusal().0, 404);
    let audit = cloud.app.get(As::Root, "/api/v1/organizations/acme/audit").send().await;
    assert!(audit.json_of(200).to_string().contains("dead_letter.replay"));
}

/// Two people replay the same letter: one run.
#[tokio::test]
async fn a_letter_is_replayed_by_one() {
    let Some(topics) = Topics::new().await else { return };
    let cloud = Cloud::new(&topics.host, &topics.project).await;
    let message = asked(&cloud, &topics, BROKEN).await;
    delivered(&cloud, &message).await;
    topics.give_up(&message).await;
    cloud.sweep().await;
    let shown = letters(&cloud.app).await;
    let path = format!("{LETTERS}/{}/replay", shown[0]["letter_id"].as_str().expect("an id"));
    let send = || cloud.app.post(As::Root, &path).json(&json!({})).send();
    let (one, two) = tokio::join!(send(), send());
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert!(matches!(statuses, [202, 404 | 409]), "{statuses:?}");
    assert_eq!(topics.runs().await.len(), 1);
}

#[tokio::test]
async fn what_names_no_run_is_kept_and_cannot_be_replayed() {
    let Some(topics) = Topics::new().await else { return };
    let cloud = Cloud::new(&topics.host, &topics.project).await;
    let unknown = json!({
        "run_id": "01a20ccb-b597-7ff1-921d-32439ff55c2b", "org_slug": "acme",
        "pipeline": "focus/cost/import", "attempt": 1,
    });
    topics.give_up(unknown.to_string().as_bytes()).await;
    topics.give_up(b"not JSON").await;
    assert_eq!(cloud.sweep().await["dead_letters"], 2);
    let shown = letters(&cloud.app).await;
    assert_eq!(shown.len(), 2);
    for letter in &shown {
        let readable = letter["org_slug"] == "acme";
        assert_eq!(letter["data"], if readable { json!(null) } else { json!("bm90IEpTT04=") });
        let path = format!("{LETTERS}/{}/replay", letter["letter_id"].as_str().expect("an id"));
        let refused = cloud.app.post(As::Root, &path).json(&json!({})).send().await.refusal();
        assert_eq!(refused.0, 409, "{refused:?}");
    }
    assert_eq!(letters(&cloud.app).await, shown, "a refusal lets nothing go");
}

/// What Pub/Sub does not hear is said again, and written down once.
#[tokio::test]
async fn a_lost_acknowledgement_makes_no_second_letter() {
    let Some(topics) = Topics::new().await else { return };
    let faults = Faults::before(&topics.host).await;
    let cloud = Cloud::new(faults.host(), &topics.project).await;
    topics.give_up(b"not JSON").await;
    faults.nth("acknowledge", 0, Fault::UNAVAILABLE);
    faults.nth("pull", 0, Fault::THROTTLED);
    assert_eq!(cloud.sweep().await["dead_letters"], 1);
    assert_eq!((faults.injected(), letters(&cloud.app).await.len()), (2, 1));
    // The same message once more, as after its deadline.
    topics.give_up(b"not JSON").await;
    faults.always("acknowledge", Fault::DENIED);
    assert_eq!(cloud.sweep().await["failed"], 1);
    assert_eq!(letters(&cloud.app).await.len(), 2);
    assert!(topics.pull(DEAD).await.is_empty(), "it is out until its deadline");
}

/// A sweep without Pub/Sub does everything else.
#[tokio::test]
async fn a_queue_that_is_down_fails_no_sweep() {
    let Some(topics) = Topics::new().await else { return };
    let faults = Faults::before(&topics.host).await;
    let cloud = Cloud::new(faults.host(), &topics.project).await;
    faults.always("pull", Fault::UNAVAILABLE);
    let swept = cloud.sweep().await;
    assert_eq!((&swept["failed"], &swept["dead_letters"]), (&json!(1), &json!(0)));
    faults.clear();
    faults.always("pull", Fault::DENIED);
    assert_eq!(cloud.sweep().await["failed"], 1);
    assert_eq!(faults.calls().iter().filter(|call| call.contains("pull")).count(), 1);
}

#[tokio::test]
async fn an_embedded_queue_gives_nothing_up() {
    let app = TestApp::new().await;
    let list = app.get(As::Root, LETTERS).send().await.json_of(200);
    assert_eq!(list, json!({ "items": [], "next_cursor": null }));
    let path = format!("{LETTERS}/01a20ccb-b597-7ff1-921d-32439ff55c2b/replay");
    assert_eq!(app.post(As::Root, &path).json(&json!({})).send().await.refusal().0, 404);
}
