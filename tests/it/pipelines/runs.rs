//! Runs from the request to their end.

use convergence::{
    Error,
    clock::Clock as _,
    entities::Status,
    runs::{RunStatus, RunsFilter, StepStatus},
    store::{Collection, Document, Key, Write},
};
use jiff::{SignedDuration, civil::date};
use tokio_util::sync::CancellationToken;

use super::{acme::raw_rows, world::World};

const JUNE: jiff::civil::Date = date(2026, 6, 1);

#[tokio::test]
async fn a_run_does_all_of_its_steps_and_gives_its_slot_back() {
    let world = World::new().await;
    world.raw(JUNE, &[(1, "1.5"), (2, "-0.000000000000000001"), (30, "2")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    assert_eq!(world.counters().await.slots.len(), 1);
    assert_eq!(world.deliver().await, 1);
    let run = world.run(run.run_id).await;
    assert_eq!(run.status, RunStatus::Completed, "{run:#?}");
    let states: Vec<_> = run.steps.iter().map(|step| (step.status, step.rows)).collect();
    let done = StepStatus::Completed;
    assert_eq!(states, [(done, 3), (done, 0), (done, 3)]);
    assert_eq!(run.findings.len(), 1, "{:#?}", run.findings);
    assert_eq!((run.findings[0].code.as_str(), run.findings[0].count), ("quality_not_null", 3));
    assert_eq!(run.checks.iter().filter(|check| check.passed).count(), 3);
    let counters = world.counters().await;
    assert_eq!((counters.slots.len(), counters.day_runs, counters.month_runs), (0, 1, 1));
}

#[tokio::test]
async fn the_same_run_five_times_gives_the_same_rows() {
    let world = World::new().await;
    world.raw(JUNE, &[(1, "1.5"), (2, "7")]).await;
    let mut hashes = Vec::new();
    for _ in 0..5 {
        world.submit("2026-06-01", "2026-06-30").await.unwrap();
        world.deliver().await;
        hashes.push((world.hash("focus_acme").await, world.hash("costs_daily").await));
    }
    hashes.dedup();
    assert_eq!(hashes.len(), 1);
}

#[tokio::test]
async fn two_sources_with_the_same_days_do_not_touch_each_other() {
    let world = World::new().await;
    world.raw(JUNE, &[(1, "1")]).await;
    world.submit("2026-06-01", "2026-06-30").await.unwrap();
    world.deliver().await;
    raw_rows(&*world.warehouse, world.org(), ("acme/second", JUNE), &[(1, "2")]).await;
    let run = world.submit_from("2026-06-01", "2026-06-30", "second").await.unwrap();
    world.deliver().await;
    let step = &world.run(run.run_id).await.steps[0];
    assert_eq!((step.rows, step.replaced_rows), (1, 0));
    let both = world.hash("focus_acme").await;
    world.submit("2026-06-01", "2026-06-30").await.unwrap();
    world.deliver().await;
    assert_eq!(world.hash("focus_acme").await, both);
}

#[tokio::test]
async fn of_many_at_once_as_many_run_as_the_plan_allows_and_then_others_can() {
    let world = World::new().await;
    let submits: Vec<_> = (0..6).map(|_| world.submit("2026-06-01", "2026-06-30")).collect();
    let outcomes = futures::future::join_all(submits).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for outcome in outcomes {
        if let Err(error) = outcome {
            assert!(
                matches!(&error, Error::TooMany { retry_after, .. } if retry_after.as_secs() == 30),
                "{error}"
            );
        }
    }
    world.deliver().await;
    world.submit("2026-06-01", "2026-06-30").await.unwrap();
}

#[tokio::test]
async fn over_the_days_limit_says_when_the_organizations_day_ends() {
    let world = World::new().await;
    world.subscribe(|subscription| subscription.limits.runs_per_day = 1).await;
    world.raw(JUNE, &[(1, "1")]).await;
    world.submit("2026-06-01", "2026-06-30").await.unwrap();
    world.deliver().await;
    let error = world.submit("2026-06-01", "2026-06-30").await.unwrap_err();
    // It is 14:00 in Paris.
    let Error::TooMany { retry_after, .. } = error else { panic!("{error}") };
    assert_eq!(retry_after.as_secs(), 10 * 3600);
    world.clock.advance(SignedDuration::from_hours(10));
    world.submit("2026-06-01", "2026-06-30").await.unwrap();
}

#[tokio::test]
async fn a_subscription_that_stops_pipelines_is_a_403_and_ends_what_waits() {
    let world = World::new().await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    world.subscribe(|subscription| subscription.status = Status::Suspended).await;
    let error = world.submit("2026-06-01", "2026-06-30").await.unwrap_err();
    assert!(matches!(error, Error::Forbidden(_)), "{error}");
    world.deliver().await;
    let run = world.run(run.run_id).await;
    assert_eq!(run.status, RunStatus::Failed);
    assert_eq!(run.error.unwrap().code, "subscription");
    let counters = world.counters().await;
    // It never began a step, so it does not count.
    assert_eq!((counters.slots.len(), counters.day_runs), (0, 0));
}

#[tokio::test]
async fn what_waits_is_cancelled_at_once() {
    let world = World::new().await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    let run = world.runs.cancel(world.org(), run.run_id, &[]).await.unwrap();
    assert_eq!(run.status, RunStatus::Cancelled);
    assert!(world.counters().await.slots.is_empty());
    assert_eq!(world.deliver().await, 1);
    assert_eq!(world.run(run.run_id).await.status, RunStatus::Cancelled);
    let again = world.runs.cancel(world.org(), run.run_id, &[]).await;
    assert!(matches!(again, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn a_message_of_a_run_that_ended_or_never_was_is_done_with() {
    let world = World::new().await;
    world.raw(JUNE, &[(1, "1")]).await;
    world.submit("2026-06-01", "2026-06-30").await.unwrap();
    let mut message = world.next_message().await.unwrap();
    let stop = CancellationToken::new();
    world.runs.deliver(&message, &stop).await.unwrap();
    let before = world.run(message.run_id).await;
    world.runs.deliver(&message, &stop).await.unwrap();
    assert_eq!(world.run(message.run_id).await.attempts, before.attempts);
    message.run_id = uuid::Uuid::from_u128(7);
    world.runs.deliver(&message, &stop).await.unwrap();
}

#[tokio::test]
async fn a_lost_message_is_published_again_by_the_sweep() {
    let world = World::new().await;
    world.raw(JUNE, &[(1, "1")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    drop(world.next_message().await.unwrap());
    world.runs.sweep().await.unwrap();
    assert!(world.next_message().await.is_none());
    world.clock.advance(SignedDuration::from_mins(3));
    assert_eq!(world.runs.sweep().await.unwrap().seen, 1);
    assert_eq!(world.runs.sweep().await.unwrap().seen, 0);
    world.deliver().await;
    assert_eq!(world.run(run.run_id).await.status, RunStatus::Completed);
}

#[tokio::test]
async fn a_process_that_is_asked_to_end_gives_its_run_back_and_is_refused() {
    let world = World::new().await;
    world.raw(JUNE, &[(1, "1")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    let message = world.next_message().await.unwrap();
    let stop = CancellationToken::new();
    stop.cancel();
    world.runs.deliver(&message, &stop).await.unwrap_err();
    let given_back = world.run(run.run_id).await;
    assert_eq!((given_back.status, given_back.lease), (RunStatus::Pending, None));
    let world = world.restart();
    world.runs.sweep().await.unwrap();
    world.deliver().await;
    assert_eq!(world.run(run.run_id).await.status, RunStatus::Completed);
}

#[tokio::test]
async fn a_long_range_becomes_a_child_per_month_one_after_the_other() {
    let world = World::new().await;
    for month in [4, 5, 6] {
        world.raw(date(2026, month, 1), &[(15, "1")]).await;
    }
    let parent = world.submit("2026-04-10", "2026-06-20").await.unwrap();
    assert_eq!(world.counters().await.slots.len(), 1);
    assert_eq!(world.deliver().await, 3);
    let parent = world.run(parent.run_id).await;
    assert_eq!(parent.status, RunStatus::Completed, "{parent:#?}");
    assert_eq!(parent.backfill.unwrap().ended.len(), 3);
    let filter =
        convergence::runs::RunsFilter { parent: Some(parent.run_id), ..Default::default() };
    let page = convergence::store::PageRequest { limit: 10, after: None };
    let (children, _) = world.runs.list(world.org(), &filter, page.clone()).await.unwrap();
    let windows: Vec<_> = children.iter().map(|run| run.window.unwrap().end).collect();
    assert_eq!(windows.len(), 3);
    assert!(windows.contains(&date(2026, 4, 30)) && windows.contains(&date(2026, 6, 20)));
    let (top, _) = world.runs.list(world.org(), &RunsFilter::default(), page).await.unwrap();
    assert_eq!(top.len(), 1);
    assert!(world.counters().await.slots.is_empty());
}

#[tokio::test]
async fn a_backfill_is_accepted_without_a_slot_and_waits_for_one() {
    let world = World::new().await;
    world.raw(JUNE, &[(1, "1")]).await;
    world.submit("2026-06-01", "2026-06-30").await.unwrap();
    let parent = world.submit("2026-05-01", "2026-06-30").await.unwrap();
    assert_eq!(world.run(parent.run_id).await.status, RunStatus::Pending);
    world.deliver().await;
    world.clock.advance(SignedDuration::from_mins(2));
    world.runs.sweep().await.unwrap();
    world.deliver().await;
    let parent = world.run(parent.run_id).await;
    assert_eq!(parent.status, RunStatus::Completed, "{parent:#?}");
}

#[tokio::test]
async fn a_cancelled_backfill_takes_its_child_with_it() {
    let world = World::new().await;
    let parent = world.submit("2026-05-01", "2026-06-30").await.unwrap();
    let parent = world.runs.cancel(world.org(), parent.run_id, &[]).await.unwrap();
    assert_eq!(parent.status, RunStatus::Cancelled);
    assert!(world.counters().await.slots.is_empty());
    world.deliver().await;
    assert!(world.next_message().await.is_none());
}

#[tokio::test]
async fn a_document_that_is_no_run_comes_again_later_and_holds_up_no_other() {
    let world = World::new().await;
    world.raw(JUNE, &[(1, "1")]).await;
    let key = Key::org(Collection::Runs, world.org(), "0");
    let due_at = Some(world.clock.now());
    let body = serde_json::json!({ "run_id": "none" });
    let document = Document { body, due_at, ..Document::default() };
    world.store.commit(vec![Write::Create(key.clone(), document)]).await.unwrap();
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    drop(world.next_message().await.unwrap());
    world.clock.advance(SignedDuration::from_mins(3));
    let swept = world.runs.sweep().await.unwrap();
    assert_eq!((swept.seen, swept.failed), (2, 1));
    world.deliver().await;
    assert_eq!(world.run(run.run_id).await.status, RunStatus::Completed);
    assert_eq!(world.runs.sweep().await.unwrap().seen, 0);
    world.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(world.runs.sweep().await.unwrap().failed, 1);
    let kept = world.store.get(&key).await.unwrap().unwrap();
    assert_eq!(kept.document.body["run_id"], "none");
}
