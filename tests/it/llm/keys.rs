//! Keys that do not work, each told for what it is, and none of them anywhere to be read.

use jiff::civil::date;
use sandbox::{Fault, Key, World as Made};

use super::world::{ANTHROPIC, DAYS, OPENAI, Provider, World};
use crate::captured::Log;

const SECRET: &str = "0123456789-never-to-be-seen";

/// A world that knows a key as something.
async fn knowing(key: &str, what: Option<Key>) -> World {
    let mut made = Made::new(DAYS);
    made.keys.extend(what.map(|what| (key.to_owned(), what)));
    World::of(made).await
}

async fn refused(provider: Provider, prefix: &str, what: Option<Key>) -> String {
    let key = format!("{prefix}{SECRET}");
    let world = knowing(&key, what).await;
    let answer = world.connect(provider, &key).await.expect(422);
    assert!(!answer.text().contains(SECRET), "{}", answer.text());
    answer.json()["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn openais_refusals_are_told_apart() {
    let project = refused(OPENAI, "sk-proj-", Some(Key::Project)).await;
    let unknown_project = refused(OPENAI, "sk-proj-", None).await;
    let lacking = refused(OPENAI, "sk-admin-", Some(Key::WithoutPermission)).await;
    let revoked = refused(OPENAI, "sk-admin-", Some(Key::Revoked)).await;
    insta::assert_debug_snapshot!([project, unknown_project, lacking, revoked], @r#"
    [
        "this is the key of a project, which may not read costs: an admin key is needed (sk-admin-…; platform.openai.com, Settings, Organization, Admin keys)",
        "this is the key of a project, which may not read costs: an admin key is needed (sk-admin-…; platform.openai.com, Settings, Organization, Admin keys)",
        "this admin key may not read usage and costs: it lacks the permission api.usage.read",
        "OpenAI does not know this admin key: it was revoked, or not copied whole",
    ]
    "#);
}

#[tokio::test]
async fn anthropics_refusals_are_told_apart() {
    let project = refused(ANTHROPIC, "sk-ant-api03-", Some(Key::Project)).await;
    let lacking = refused(ANTHROPIC, "sk-ant-admin01-", Some(Key::WithoutPermission)).await;
    let revoked = refused(ANTHROPIC, "sk-ant-admin01-", Some(Key::Revoked)).await;
    insta::assert_debug_snapshot!([project, lacking, revoked], @r#"
    [
        "this is not an admin key, and no other may read costs (sk-ant-admin…; platform.claude.com, Settings, Admin keys)",
        "this admin key may not read usage and costs: make one whose owner is an admin of the organization",
        "Anthropic does not know this admin key: it was revoked, or not copied whole",
    ]
    "#);
}

#[tokio::test]
async fn a_key_is_one_word() {
    let world = World::new().await;
    for wrong in ["", "short", "with a space inside", "sk-admin-käse-0123", "two\nlines-0123"] {
        let answer = world.connect(OPENAI, wrong).await.expect(422);
        assert!(wrong.is_empty() || !answer.text().contains(wrong), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_provider_that_does_not_answer_proves_nothing() {
    let world = World::new().await;
    world.sandbox.world.faults.next([Fault::Status(503); 5]);
    let answer = world.connect(OPENAI, OPENAI.key).await.expect(503);
    assert!(answer.text().contains("nothing was kept"), "{}", answer.text());
    let _ = world.connect(OPENAI, OPENAI.key).await.expect(201);
}

#[tokio::test]
async fn a_run_without_a_connection_says_what_to_do() {
    let world = World::new().await;
    let run = world.run(OPENAI, date(2026, 5, 1), date(2026, 5, 1)).await;
    assert_eq!(
        (&run["status"], &run["error"]["code"]),
        (&"FAILED".into(), &"connection_missing".into())
    );
    insta::assert_snapshot!(run["error"]["message"].as_str().unwrap(), @"`openai` is not connected as `default`: set that up first");
}

#[tokio::test]
async fn a_key_that_is_refused_later_ends_the_run_with_the_reason() {
    let key = format!("sk-admin-{SECRET}");
    let world = knowing(&key, Some(Key::Admin)).await;
    let _ = world.connect(OPENAI, &key).await.expect(201);
    // Known no more: 401 for every question.
    world.sandbox.world.faults.next([Fault::Status(401); 4]);
    let run = world.run(OPENAI, date(2026, 5, 1), date(2026, 5, 1)).await;
    assert_eq!(run["error"]["code"], "connection_invalid", "{run:#}");
    assert!(!run.to_string().contains(SECRET));
}

#[tokio::test]
async fn no_key_is_in_a_log_a_row_or_a_run() {
    let log = Log::default();
    let guard = log.begin(None);
    let key = format!("sk-admin-{SECRET}");
    let world = knowing(&key, Some(Key::Admin)).await;
    world.sandbox.world.faults.next([Fault::Garbage, Fault::Truncated, Fault::TooMany(0)]);
    let _ = world.connect(OPENAI, &key).await.expect(201);
    world.sandbox.world.faults.next([Fault::Garbage, Fault::Status(500), Fault::TooMany(0)]);
    let run = world.run(OPENAI, date(2026, 5, 1), date(2026, 5, 2)).await;
    assert_eq!(run["status"], "COMPLETED", "{run:#}");
    world.sandbox.world.faults.next([Fault::Status(500); 40]);
    let put_off = world.run(OPENAI, date(2026, 5, 1), date(2026, 5, 2)).await;
    drop(guard);
    assert!(log.text().contains("step failed"), "the log was not taken");
    for text in [log.text(), run.to_string(), put_off.to_string()] {
        assert!(!text.contains(SECRET), "{text}");
    }
    let rows = world.ask("from llm_costs_raw\nselect {x_fields, x_tags, account_id}\n").await;
    assert!(!rows.join("").contains(SECRET));
}
