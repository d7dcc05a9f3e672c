//! Work that takes longer than a delivery may.

use std::time::Duration;

use convergence::runs::{Budget, RunStatus, StepStatus};
use jiff::civil::date;
use tokio_util::sync::CancellationToken;

use super::world::World;

#[tokio::test]
async fn steps_that_are_left_when_the_time_is_over_go_to_another_delivery() {
    let mut world = World::new().await;
    world.runs.budget.begins = Duration::ZERO;
    world.raw(date(2026, 6, 1), &[(1, "1")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    let message = world.next_message().await.unwrap();
    world.runs.deliver(&message, &CancellationToken::new()).await.unwrap();
    let half = world.run(run.run_id).await;
    assert_eq!((half.status, half.lease, half.error), (RunStatus::Pending, None, None));
    let states: Vec<_> = half.steps.iter().map(|step| step.status).collect();
    assert_eq!(states, [StepStatus::Completed, StepStatus::Pending, StepStatus::Pending]);
    // It was announced at once, and goes on where it was.
    assert_eq!(world.deliver().await, 1);
    let done = world.run(run.run_id).await;
    assert_eq!((done.status, done.attempts), (RunStatus::Completed, 2));
    assert!(done.steps.iter().all(|step| step.attempts == 1), "{:#?}", done.steps);
    assert!(world.counters().await.slots.is_empty());
}

#[tokio::test]
async fn a_run_whose_last_step_was_begun_in_time_completes() {
    let mut world = World::new().await;
    world.runs.budget.begins = Duration::from_mins(5);
    world.raw(date(2026, 6, 1), &[(1, "1")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    assert_eq!(world.deliver().await, 1);
    assert_eq!(world.run(run.run_id).await.attempts, 1);
}

#[tokio::test]
async fn work_is_cut_when_its_time_is_over_and_that_is_no_success() {
    let mut world = World::new().await;
    world.runs.budget = Budget { begins: Duration::ZERO, ends: Duration::ZERO, is_job: false };
    world.raw(date(2026, 6, 1), &[(1, "1")]).await;
    let run = world.submit("2026-06-01", "2026-06-30").await.unwrap();
    world.deliver().await;
    let cut = world.run(run.run_id).await;
    assert_eq!((cut.status, cut.lease), (RunStatus::TimedOut, None));
    assert_eq!(cut.error.unwrap().code, "deadline");
    assert!(world.counters().await.slots.is_empty());
}

#[test]
fn a_delivery_leaves_time_to_write_down_what_came_of_it() {
    let delivery = Budget::new(Duration::from_mins(10), false);
    assert_eq!((delivery.begins.as_secs(), delivery.ends.as_secs()), (480, 540));
    assert_eq!(delivery.step(Duration::from_secs(500)).as_secs(), 500);
    let job = Budget::new(Duration::from_hours(4), true);
    assert_eq!(job.step(Duration::from_secs(500)), job.ends);
    assert_eq!(job.step(Duration::from_hours(5)), Duration::from_hours(5));
}
