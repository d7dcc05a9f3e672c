//! Rejected rows: none is lost, however many, and memory does not grow with them.

use std::{
    fmt::Write as _,
    io::{self, Read},
    sync::Arc,
};

use convergence::{
    ingest::{Block, Blocks, FocusReader, Limits, Refused, TableReader, from_reader},
    warehouse::{Batches as _, Field},
};

use super::model;

const ROWS: u64 = 60_000;

/// Generates a file, so that none stands in memory: every third row can be used.
struct Rows {
    next: u64,
    text: Vec<u8>,
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.text.len() < buffer.len() && self.next < ROWS {
            let mut row = String::new();
            let cost = if self.next.is_multiple_of(3) { "1" } else { "one" };
            writeln!(row, "{cost},USD,2026-05-01T00:00:00Z,row {}", self.next).unwrap();
            self.text.extend(row.as_bytes());
            self.next += 1;
        }
        let count = buffer.len().min(self.text.len());
        buffer[..count].copy_from_slice(&self.text[..count]);
        self.text.drain(..count);
        Ok(count)
    }
}

#[test]
fn many_rejects_are_all_kept_though_several_threads_find_them() {
    let header = io::Cursor::new(b"BilledCost,BillingCurrency,ChargePeriodStart,ServiceName\n");
    let rows = header.chain(Rows { next: 0, text: Vec::new() });
    let limits = Limits { block: 1 << 14, ..Limits::default() };
    let blocks = from_reader(Box::new(rows), &[], limits).unwrap();
    let reader = Arc::new(FocusReader::new(blocks, model(), None).unwrap());
    let pull = |reader: Arc<FocusReader>| {
        std::thread::spawn(move || {
            let mut rows = 0;
            while let Some(batch) = reader.next().unwrap() {
                rows += batch.num_rows() as u64;
            }
            rows
        })
    };
    let threads: Vec<_> = (0..3).map(|_| pull(Arc::clone(&reader))).collect();
    let usable: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    let report = reader.report();
    assert_eq!((usable, report.rows, report.rejected), (ROWS / 3, ROWS / 3, ROWS / 3 * 2));

    let rejects = reader.rejects().unwrap();
    let (mut lines, mut largest) = (Vec::new(), 0);
    loop {
        let some = rejects.take(1_000).unwrap();
        largest = largest.max(some.len());
        if some.is_empty() {
            break;
        }
        for reject in some {
            assert!(reject.row.ends_with(&format!("row {}", reject.row_number - 2)));
            lines.push(reject.row_number);
        }
    }
    lines.sort_unstable();
    let expected = (0..ROWS).filter(|row| !row.is_multiple_of(3)).map(|row| row + 2);
    assert!(lines.into_iter().eq(expected));
    assert_eq!(largest, 1_000);
}

#[test]
fn rejects_come_as_batches_and_can_be_read_again() {
    let text = "BilledCost,BillingCurrency,ChargePeriodStart\nx,USD,2026-05-01\n1\n";
    let reader = super::over(text, Limits::default()).unwrap();
    while reader.next().unwrap().is_some() {}
    for _ in 0..2 {
        let rejects = reader.rejects().unwrap();
        let batch = rejects.next().unwrap().unwrap();
        assert_eq!((batch.num_rows(), batch.num_columns()), (2, 5));
        assert_eq!(batch.schema(), rejects.schema());
        assert!(rejects.next().unwrap().is_none());
    }
}

/// Makes two rows of each record, as a charge and its credit are.
struct Twice(Arc<dyn Blocks>);

impl Blocks for Twice {
    fn columns(&self) -> &[String] {
        self.0.columns()
    }

    fn next(&self) -> Result<Option<Block>, Refused> {
        let Some(block) = self.0.next()? else { return Ok(None) };
        let mut twice = block.emptied(1);
        for row in 0..block.rows() {
            for _ in 0..2 {
                twice.push(block.position(row), [block.text(row, 0).as_deref()].into_iter());
            }
        }
        Ok(Some(twice.finish()))
    }
}

#[test]
fn rejects_of_one_record_are_told_apart() {
    let field = r#"{"name":"day","type":"DATE","mode":"REQUIRED"}"#;
    let fields: [Field; 1] = [serde_json::from_str(field).unwrap()];
    let text = io::Cursor::new(b"day\n2026-05-01\nnever\n2026-05-02\nsoon\n");
    let blocks = from_reader(Box::new(text), &[], Limits::default()).unwrap();
    let reader = TableReader::over(Arc::new(Twice(blocks)), &fields).unwrap();
    while reader.next().unwrap().is_some() {}
    let rejects = reader.rejects().unwrap().take(usize::MAX).unwrap();
    let names: Vec<_> = rejects.iter().map(|it| (it.row_number, it.ordinal)).collect();
    assert_eq!(names, [(3, 0), (3, 1), (5, 0), (5, 1)]);
}
