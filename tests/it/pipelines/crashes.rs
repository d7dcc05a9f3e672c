//! Every flow of runs, killed after each of its writes: the sweep finishes it, rows are there once,
//! no slot is kept.

use std::sync::Arc;

use convergence::{
    runs::RunStatus,
    testing::{CrashPoint, CrashingStore, CrashingWarehouse},
};
use jiff::{SignedDuration, civil::date};

use super::world::{Backends, World};

const JUNE: jiff::civil::Date = date(2026, 6, 1);

/// A process that dies at a point.
pub(super) fn dying(backends: Backends, point: &CrashPoint) -> World {
    let (a, b) = (point.clone(), point.clone());
    World::boot(
        backends,
        Some(Box::new(move |store| Arc::new(CrashingStore::new(store, a.clone())))),
        Some(Box::new(move |inner| Arc::new(CrashingWarehouse::new(inner, b.clone())))),
    )
}

/// Sweeps and delivers as long as there is something to do, as the minutes go by.
pub(super) async fn repair(world: &World) {
    for _ in 0..6 {
        world.clock.advance(SignedDuration::from_mins(3));
        world.runs.sweep().await.unwrap();
        world.deliver().await;
    }
}

async fn june(backends: &Backends) {
    World::boot(backends.clone(), None, None).raw(JUNE, &[(1, "1.5"), (2, "7")]).await;
}

/// What the tables hold when nothing goes wrong.
async fn undisturbed() -> (String, String) {
    let world = World::new().await;
    world.raw(JUNE, &[(1, "1.5"), (2, "7")]).await;
    world.submit("2026-06-01", "2026-06-30").await.unwrap();
    world.deliver().await;
    (world.hash("focus_acme").await, world.hash("costs_daily").await)
}

#[tokio::test]
async fn a_run_that_dies_after_any_write_is_finished_once() {
    let expected = undisturbed().await;
    for n in 1.. {
        let (backends, point) = (Backends::new().await, CrashPoint::after(n));
        june(&backends).await;
        let process = dying(backends, &point);
        let flow = async {
            process.submit("2026-06-01", "2026-06-30").await.unwrap();
            process.deliver().await;
        };
        let lived = Box::pin(point.run(flow)).await.is_some();
        let world = process.restart();
        repair(&world).await;
        let run = world.only_run().await;
        assert_eq!(run.status, RunStatus::Completed, "after write {n}: {run:#?}");
        let rows = (world.hash("focus_acme").await, world.hash("costs_daily").await);
        assert_eq!(rows, expected, "after write {n}");
        let counters = world.counters().await;
        assert_eq!((counters.slots.len(), counters.day_runs), (0, 1), "after write {n}");
        if lived {
            assert!(n > 15, "only {n} writes");
            return;
        }
    }
}

#[tokio::test]
async fn a_cancellation_that_dies_after_any_write_is_finished() {
    for n in 1.. {
        let (backends, point) = (Backends::new().await, CrashPoint::after(n));
        let process = dying(backends, &point);
        let flow = async {
            let run = process.submit("2026-06-01", "2026-06-30").await.unwrap();
            process.runs.cancel(process.org(), run.run_id, &[]).await.unwrap();
        };
        let lived = Box::pin(point.run(flow)).await.is_some();
        let world = process.restart();
        repair(&world).await;
        let run = world.only_run().await;
        let ended = if lived { RunStatus::Cancelled } else { run.status };
        assert!(run.status.is_end() && run.status == ended, "after write {n}: {run:#?}");
        assert!(world.counters().await.slots.is_empty(), "after write {n}");
        if lived {
            return;
        }
    }
}

#[tokio::test]
async fn a_backfill_that_dies_after_any_write_makes_each_child_once() {
    for n in 1.. {
        let (backends, point) = (Backends::new().await, CrashPoint::after(n));
        june(&backends).await;
        let process = dying(backends, &point);
        let flow = async {
            process.submit("2026-06-10", "2026-07-01").await.unwrap();
        };
        let lived = Box::pin(point.run(flow)).await.is_some();
        let world = process.restart();
        repair(&world).await;
        let parent = world.only_run().await;
        assert_eq!(parent.status, RunStatus::Completed, "after write {n}: {parent:#?}");
        let children = world.children(parent.run_id).await;
        assert_eq!(children.len(), 2, "after write {n}");
        let counters = world.counters().await;
        assert_eq!((counters.slots.len(), counters.day_runs), (0, 2), "after write {n}");
        if lived {
            return;
        }
    }
}

#[tokio::test]
async fn a_repair_that_dies_after_any_write_is_repaired() {
    let expected = undisturbed().await;
    for n in 1.. {
        let (backends, first) = (Backends::new().await, CrashPoint::after(9));
        june(&backends).await;
        let process = dying(backends.clone(), &first);
        let flow = async {
            process.submit("2026-06-01", "2026-06-30").await.unwrap();
            process.deliver().await;
        };
        assert!(Box::pin(first.run(flow)).await.is_none());
        let second = CrashPoint::after(n);
        let process = dying(backends, &second);
        let lived = Box::pin(second.run(repair(&process))).await.is_some();
        let world = process.restart();
        repair(&world).await;
        assert_eq!(world.only_run().await.status, RunStatus::Completed, "after write {n}");
        let rows = (world.hash("focus_acme").await, world.hash("costs_daily").await);
        assert_eq!(rows, expected, "after write {n}");
        assert!(world.counters().await.slots.is_empty(), "after write {n}");
        if lived {
            return;
        }
    }
}
