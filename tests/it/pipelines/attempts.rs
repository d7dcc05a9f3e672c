//! Attempts that are late, held up, refused, cancelled or too long.

use std::sync::Arc;

use convergence::{
    runs::{ATTEMPTS, RunStatus, StepStatus},
    store::{Collection, Write},
};
use jiff::{SignedDuration, civil::date};
use tokio_util::sync::CancellationToken;

use super::world::{Backends, World};
use crate::gate::{At, Gate, Gated, GatedStore};

const JUNE: jiff::civil::Date = date(2026, 6, 1);

/// Whether somebody becomes the writer of a table by it.
fn becomes_writer(write: &Write) -> bool {
    !matches!(write, Write::Delete(..)) && write.key().collection == Collection::Writers
}

/// A process behind a gate.
fn gated(backends: Backends, gate: &Gate) -> World {
    let gate = gate.clone();
    let around = move |inner| -> Arc<dyn convergence::store::Store> {
        Arc::new(GatedStore {
            inner,
            watch: Gated { gate: gate.clone(), at: At::Before(becomes_writer) },
        })
    };
    World::boot(backends, Some(Box::new(around)), None)
}

#[tokio::test]
async fn a_late_attempt_never_leaves_older_rows_over_newer_ones() {
    let (backends, gate) = (Backends::new().await, Gate::closed());
    let late = gated(backends.clone(), &gate);
    late.raw(JUNE, &[(1, "1")]).await;
    let run = late.submit("2026-06-01", "2026-06-30").await.unwrap();
    let message = late.next_message().await.unwrap();
    let stop = CancellationToken::new();
    let first = late.runs.deliver(&message, &stop);
    let second = async {
        // The first attempt has read; it stands before the table and is given up for dead.
        gate.arrival().await;
        let next = World::boot(backends, None, None);
        next.raw(JUNE, &[(1, "2"), (2, "3")]).await;
        next.runs.sweep().await.unwrap();
        next.deliver().await;
        let (ended, rows) = (next.run(run.run_id).await, next.hash("focus_acme").await);
        assert_eq!(ended.status, RunStatus::Completed, "{ended:#?}");
        gate.open();
        (next, ended, rows)
    };
    let (outcome, (next, ended, rows)) = tokio::join!(first, second);
    outcome.unwrap();
    assert_eq!(next.hash("focus_acme").await, rows);
    let after = next.run(run.run_id).await;
    assert_eq!((after.status, after.ended_at), (ended.status, ended.ended_at));
    assert!(next.counters().await.slots.is_empty());
}

#[tokio::test]
async fn a_run_that_is_at_work_is_cancelled_at_its_next_safe_point() {
    let (backends, gate) = (Backends::new().await, Gate::closed());
    let world = gated(backends, &gate);
    world.raw(JUNE, &[(1, "1")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    let message = world.next_message().await.unwrap();
    let stop = CancellationToken::new();
    let cancel = async {
        gate.arrival().await;
        let run = world.runs.cancel(world.org(), run.run_id, &[]).await.unwrap();
        assert_eq!(run.status, RunStatus::Running);
    };
    let (outcome, ()) = tokio::join!(world.runs.deliver(&message, &stop), cancel);
    outcome.unwrap();
    let run = world.run(run.run_id).await;
    assert_eq!((run.status, run.error), (RunStatus::Cancelled, None));
    assert_eq!(run.steps[0].status, StepStatus::Cancelled);
    assert!(world.counters().await.slots.is_empty());
}

#[tokio::test]
async fn a_step_that_takes_too_long_is_no_success() {
    let (backends, gate) = (Backends::new().await, Gate::closed());
    let world = gated(backends, &gate);
    world.raw(JUNE, &[(1, "1")]).await;
    let run = world.submit_to("acme/cost/hasty", "2026-06-01", "2026-06-30").await.unwrap();
    world.deliver().await;
    let run = world.run(run.run_id).await;
    assert_eq!(run.status, RunStatus::TimedOut);
    assert_eq!(run.error.unwrap().code, "timeout");
    let states: Vec<_> = run.steps.iter().map(|step| step.status).collect();
    assert_eq!(states, [StepStatus::TimedOut, StepStatus::Skipped]);
    let counters = world.counters().await;
    assert_eq!((counters.slots.len(), counters.day_runs), (0, 1));
}

#[tokio::test]
async fn what_may_pass_is_tried_again_within_the_step() {
    let (backends, gate) = (Backends::new().await, Gate::refusing(1));
    let world = gated(backends, &gate);
    world.raw(JUNE, &[(1, "1")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    world.deliver().await;
    let run = world.run(run.run_id).await;
    assert_eq!((run.status, run.attempts), (RunStatus::Completed, 1));
    assert!(run.steps.iter().any(|step| step.attempts == 2));
}

#[tokio::test]
async fn what_lasts_longer_is_written_down_and_tried_when_its_time_has_come() {
    let (backends, gate) = (Backends::new().await, Gate::refusing(2));
    let world = gated(backends, &gate);
    world.raw(JUNE, &[(1, "1")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    world.deliver().await;
    let waits = world.run(run.run_id).await;
    assert_eq!((waits.status, waits.lease), (RunStatus::Pending, None));
    assert_eq!(waits.error.unwrap().code, "unavailable");
    assert_eq!(world.counters().await.slots.len(), 1);
    world.runs.sweep().await.unwrap();
    assert!(world.next_message().await.is_none());
    world.clock.advance(SignedDuration::from_mins(2));
    world.runs.sweep().await.unwrap();
    world.deliver().await;
    let run = world.run(run.run_id).await;
    assert_eq!((run.status, run.error), (RunStatus::Completed, None));
    assert!(world.counters().await.slots.is_empty());
}

#[tokio::test]
async fn what_never_passes_is_given_up_and_its_slot_given_back() {
    let (backends, gate) = (Backends::new().await, Gate::refusing(usize::MAX));
    let world = gated(backends, &gate);
    world.raw(JUNE, &[(1, "1")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    for _ in 0..ATTEMPTS {
        world.deliver().await;
        world.clock.advance(SignedDuration::from_hours(1));
        world.runs.sweep().await.unwrap();
    }
    let run = world.run(run.run_id).await;
    assert_eq!((run.status, run.attempts), (RunStatus::Failed, ATTEMPTS));
    assert_eq!(run.error.unwrap().code, "unavailable");
    assert!(world.counters().await.slots.is_empty());
}

#[tokio::test]
async fn two_deliveries_of_one_run_execute_it_once() {
    let world = World::new().await;
    world.raw(JUNE, &[(1, "1")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    let message = world.next_message().await.unwrap();
    let stop = CancellationToken::new();
    let deliver = || world.runs.deliver(&message, &stop);
    let (a, b, c) = tokio::join!(deliver(), deliver(), deliver());
    for delivered in [a, b, c] {
        delivered.unwrap();
    }
    let run = world.run(run.run_id).await;
    assert_eq!((run.status, run.attempts), (RunStatus::Completed, 1));
}

#[tokio::test]
async fn a_run_found_in_a_dead_process_goes_on_after_the_restart() {
    let (backends, gate) = (Backends::new().await, Gate::closed());
    let world = gated(backends.clone(), &gate);
    world.raw(JUNE, &[(1, "1")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    let message = world.next_message().await.unwrap();
    let stop = CancellationToken::new();
    // Stopped in the middle: whatever it had begun is dropped on the floor.
    tokio::select! {
        biased;
        () = gate.arrival() => {}
        outcome = world.runs.deliver(&message, &stop) => panic!("not held up: {outcome:?}"),
    }
    let world = World::boot(backends, None, None);
    assert_eq!(world.run(run.run_id).await.status, RunStatus::Running);
    assert_eq!(world.runs.sweep().await.unwrap().seen, 1);
    world.deliver().await;
    assert_eq!(world.run(run.run_id).await.status, RunStatus::Completed);
    assert!(world.counters().await.slots.is_empty());
}
