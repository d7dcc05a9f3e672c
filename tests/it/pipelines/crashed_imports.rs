//! A file import, killed after each of its writes: the copy of the file, the replace, the rows that
//! cannot be used, chunk by chunk, and every commit between them.

use std::{collections::BTreeSet, fmt::Write as _, sync::Arc};

use convergence::{
    runs::RunStatus,
    testing::{CrashPoint, CrashingFiles, lines},
    warehouse::{Dataset, Query},
};

use super::{
    crashes::{dying, repair},
    world::{Backends, World},
};

/// More than are appended at once.
const REFUSED: usize = 4096 + 4;
const CHUNK: usize = 4096;

/// Two rows that can be used, and many without a day.
fn file() -> String {
    let mut text = "usage_day,invoice_month,cost,currency,note\n\
                    2026-06-30,,0.1,USD,\n2026-07-01,,2.5,EUR,\n"
        .to_owned();
    for row in 0..REFUSED {
        writeln!(text, ",,{row},USD,").unwrap();
    }
    text
}

/// The numbers of the rejected rows that are kept, as often as each is there.
async fn kept(world: &World) -> Vec<String> {
    let dataset = Dataset::Org(world.org().clone());
    if !world.warehouse.describe(&dataset).await.unwrap().contains_key("rejected_rows") {
        return Vec::new();
    }
    let query = Query::new("test", "from rejected_rows\nselect {this.row_number}\n");
    lines(&world.warehouse.query(&dataset, &query).await.unwrap().batches).unwrap()
}

#[tokio::test]
async fn an_import_that_dies_after_any_write_leaves_every_row_once() {
    let undisturbed = World::new().await;
    undisturbed.import("a.csv", file().as_bytes()).await;
    let expected = undisturbed.hash("files_raw").await;
    let mut seen = BTreeSet::new();
    for n in 1.. {
        let (backends, point) = (Backends::new().await, CrashPoint::after(n));
        let mut process = dying(backends, &point);
        let files = process.runs.engine.files.clone();
        process.runs.engine.files = Arc::new(CrashingFiles::new(files, point.clone()));
        let flow = async { process.import("a.csv", file().as_bytes()).await };
        let lived = Box::pin(point.run(flow)).await.is_some();
        let world = process.restart();
        seen.insert(kept(&world).await.len());
        repair(&world).await;
        let run = world.only_run().await;
        assert_eq!(run.status, RunStatus::Completed, "after write {n}: {run:#?}");
        assert_eq!(run.rejected_rows(), REFUSED as u64, "after write {n}");
        assert_eq!(world.hash("files_raw").await, expected, "after write {n}");
        let kept = kept(&world).await;
        let distinct: BTreeSet<_> = kept.iter().collect();
        assert_eq!((kept.len(), distinct.len()), (REFUSED, REFUSED), "after write {n}");
        let counters = world.counters().await;
        assert_eq!((counters.slots.len(), counters.day_runs), (0, 1), "after write {n}");
        if lived {
            assert!(n > 15, "only {n} writes");
            break;
        }
    }
    // It died before, between and after the chunks.
    assert_eq!(seen, [0, CHUNK, REFUSED].into());
}
