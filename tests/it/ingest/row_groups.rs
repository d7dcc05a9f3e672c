//! Parquet files of several row groups, read by one thread and by several.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use convergence::{
    ingest::{FocusReader, Options},
    warehouse::Batches as _,
};

use super::{formats::write_parquet, model, read};

/// Every tenth of these rows has no cost; each has its number as its service.
fn numbered(rows: usize) -> Vec<(&'static str, ArrayRef)> {
    let texts = |text: fn(usize) -> Option<String>| -> ArrayRef {
        Arc::new((1..=rows).map(text).collect::<StringArray>())
    };
    vec![
        ("BilledCost", texts(|row| (row % 10 != 0).then(|| "1".to_owned()))),
        ("BillingCurrency", texts(|_| Some("USD".to_owned()))),
        ("ChargePeriodStart", texts(|_| Some("2026-05-01T00:00:00Z".to_owned()))),
        ("ServiceName", texts(|row| Some(row.to_string()))),
        ("", texts(|_| Some("kept".to_owned()))),
    ]
}

#[test]
fn row_groups_are_read_in_order_with_the_numbers_of_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("focus.parquet");
    write_parquet(&path, numbered(10_000), Some(3_000));
    let read = read(FocusReader::open(&path, model(), Options::default()).unwrap()).unwrap();
    let expected = (1..=10_000).filter(|row| row % 10 != 0).map(|row| row.to_string());
    assert_eq!(read.column("ServiceName"), expected.collect::<Vec<_>>());
    let rejected = read.rejects.iter().map(|reject| reject.row_number);
    assert_eq!(rejected.collect::<Vec<_>>(), (1..=1_000).map(|row| row * 10).collect::<Vec<_>>());
    assert_eq!(read.column("x_extra")[0], r#"{"unnamed_5":"kept"}"#);
}

#[test]
fn several_threads_read_every_row_of_a_parquet_file_once() {
    let folder = tempfile::tempdir().unwrap();
    for groups in [None, Some(1_000), Some(2_500)] {
        let path = folder.path().join("focus.parquet");
        write_parquet(&path, numbered(10_000), groups);
        let reader = FocusReader::open(&path, model(), Options::default()).unwrap();
        let pull = || {
            let mut rows = 0;
            while let Some(batch) = reader.next().unwrap() {
                rows += batch.num_rows();
            }
            rows
        };
        let rows: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(pull)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        let rejects = reader.rejects().unwrap().take(usize::MAX).unwrap();
        let mut numbers: Vec<_> = rejects.iter().map(|reject| reject.row_number).collect();
        numbers.sort_unstable();
        assert_eq!(rows, 9_000, "{groups:?}");
        assert_eq!(numbers, (1..=1_000).map(|row| row * 10).collect::<Vec<_>>(), "{groups:?}");
    }
}

#[test]
fn a_row_group_that_is_damaged_ends_the_reading_for_every_thread() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("focus.parquet");
    write_parquet(&path, numbered(10_000), Some(2_000));
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle..middle + 400].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    let reader = FocusReader::open(&path, model(), Options::default()).unwrap();
    let pull = || loop {
        match reader.next() {
            Ok(Some(_)) => {}
            ended => return ended.is_err(),
        }
    };
    let failed = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(pull)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|it| *it).count()
    });
    assert!(failed > 0, "whoever meets it says so, and nobody waits for ever");
}
