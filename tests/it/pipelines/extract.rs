//! `extract`: files of any format, as they are, into a raw table.

use std::{fs, io::Write as _, path::Path, sync::Arc};

use arrow::{
    array::{ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray},
    datatypes::DataType,
};
use async_trait::async_trait;
use convergence::{
    files::{Files, FilesError, Incoming, Kept, LocalFile, Sha256},
    org::OrgSlug,
    runs::{RunStatus, StepStatus},
    testing::lines,
    warehouse::{Dataset, Query},
};
use flate2::{Compression, write::GzEncoder};
use parquet::arrow::ArrowWriter;

use super::world::World;

const CSV: &str = "usage_day,invoice_month,cost,currency,note\n\
    2026-06-30,2026-07-01,0.1,USD,\"a, \"\"b\"\"\"\n\
    2026-07-01,,12345678901234567890.000000000000000001,USD,\n\
    2026-07-02,2026-07-15,-2.50,EUR,c\n";

const JSONL: &str = r#"{"usage_day":"2026-06-30","invoice_month":"2026-07-01","cost":0.1,"currency":"USD","note":"a, \"b\""}
{"usage_day":"2026-07-01","cost":12345678901234567890.000000000000000001,"currency":"USD"}
{"usage_day":"2026-07-02","invoice_month":"2026-07-15","cost":"-2.50","currency":"EUR","note":"c"}
"#;

fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

/// The rows of `CSV` but for the long amount, which no double is.
fn parquet(path: &Path) -> Vec<u8> {
    let day = |text: &str| {
        let day: jiff::civil::Date = text.parse().unwrap();
        (day - jiff::civil::date(1970, 1, 1)).get_days()
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("usage_day", Arc::new(Date32Array::from(vec![day("2026-06-30"), day("2026-07-02")]))),
        ("invoice_month", Arc::new(Date32Array::from(vec![day("2026-07-01"), day("2026-07-15")]))),
        ("cost", Arc::new(Float64Array::from(vec![0.1, -2.5]))),
        ("currency", Arc::new(StringArray::from(vec!["USD", "EUR"]))),
        ("note", Arc::new(StringArray::from(vec!["a, \"b\"", "c"]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    assert_eq!(batch.schema().field(2).data_type(), &DataType::Float64);
    let file = fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    fs::read(path).unwrap()
}

async fn rows(world: &World) -> Vec<String> {
    let prql = "from files_raw\nselect {x_source_id, x_billing_month, x_charge_date, cost, currency, note}\n";
    let query = Query::new("test", prql);
    let answer = world.warehouse.query(&Dataset::Org(world.org().clone()), &query).await.unwrap();
    lines(&answer.batches).unwrap()
}

#[tokio::test]
async fn a_row_is_of_its_day_and_of_its_month_where_it_tells_one() {
    let world = World::new().await;
    let run = world.import("a.csv", CSV.as_bytes()).await;
    assert_eq!((run.status, run.steps[0].rows), (RunStatus::Completed, 3), "{run:#?}");
    assert_eq!(
        rows(&world).await,
        [
            "acme/default|2026-07-01|2026-06-30|0.1|USD|a, \"b\"",
            "acme/default|2026-07-01|2026-07-01|12345678901234567890.000000000000000001|USD|null",
            "acme/default|2026-07-01|2026-07-02|-2.5|EUR|c",
        ]
    );
}

#[tokio::test]
async fn every_format_gives_the_same_rows() {
    let world = World::new().await;
    let mut hashes = Vec::new();
    let files = [
        ("a.csv", CSV.as_bytes().to_vec()),
        ("a.csv.gz", gzip(CSV)),
        ("a.jsonl", JSONL.as_bytes().to_vec()),
        ("a.jsonl.gz", gzip(JSONL)),
    ];
    for (name, bytes) in files {
        let run = world.import(name, &bytes).await;
        assert_eq!((run.status, run.steps[0].rows), (RunStatus::Completed, 3), "{name}: {run:#?}");
        hashes.push(world.hash("files_raw").await);
    }
    hashes.dedup();
    assert_eq!(hashes.len(), 1);
    let bytes = parquet(&world.folder().join("made.parquet"));
    let run = world.import("a.parquet", &bytes).await;
    assert_eq!(run.steps[0].rows, 2, "{run:#?}");
    let rows = rows(&world).await;
    assert!(rows.contains(&"acme/default|2026-07-01|2026-06-30|0.1|USD|a, \"b\"".to_owned()));
}

#[tokio::test]
async fn the_same_file_again_is_the_same_rows_once() {
    let world = World::new().await;
    let mut hashes = Vec::new();
    for _ in 0..5 {
        let run = world.import("a.csv", CSV.as_bytes()).await;
        assert_eq!(run.status, RunStatus::Completed, "{run:#?}");
        hashes.push(world.hash("files_raw").await);
    }
    hashes.dedup();
    assert_eq!((hashes.len(), rows(&world).await.len()), (1, 3));
}

#[tokio::test]
async fn a_file_replaces_the_days_that_it_has_and_no_other() {
    let world = World::new().await;
    world.import("a.csv", CSV.as_bytes()).await;
    let later = "usage_day,invoice_month,cost,currency\n2026-07-02,,7,USD\n2026-07-02,,8,USD\n";
    let run = world.import("b.csv", later.as_bytes()).await;
    assert_eq!(run.status, RunStatus::Completed, "{run:#?}");
    assert_eq!((run.steps[0].rows, run.steps[0].replaced_rows), (2, 1));
    assert_eq!(rows(&world).await.len(), 4);
}

#[tokio::test]
async fn rows_without_a_day_are_rejected_and_columns_of_ours_are_not_taken_from_a_file() {
    let world = World::new().await;
    let text = "usage_day,cost,currency,x_source_id\n\
        2026-07-02,1,USD,acme/other\n,2,USD,\n2026-02-30,3,USD,\n2026-07-03,NaN,USD,\n";
    let run = world.import("a.csv", text.as_bytes()).await;
    assert_eq!(run.status, RunStatus::Completed, "{run:#?}");
    assert_eq!((run.steps[0].rows, run.rejected_rows()), (1, 3), "{run:#?}");
    assert!(rows(&world).await[0].starts_with("acme/default|"));
}

#[tokio::test]
async fn a_file_without_the_day_is_refused_and_leaves_what_was_there() {
    let world = World::new().await;
    world.import("a.csv", CSV.as_bytes()).await;
    let before = world.hash("files_raw").await;
    for (name, text) in [("b.csv", "cost,currency\n1,USD\n"), ("c.csv", "")] {
        let run = world.import(name, text.as_bytes()).await;
        assert_eq!((run.status, run.steps[0].status), (RunStatus::Failed, StepStatus::Failed));
    }
    assert_eq!(world.hash("files_raw").await, before);
}

/// Files of which each is written to right after it was copied.
#[derive(Debug)]
struct Restless(Arc<dyn Files>);

#[async_trait]
impl Files for Restless {
    async fn begin(&self, org: &OrgSlug) -> Result<Box<dyn Incoming>, FilesError> {
        self.0.begin(org).await
    }

    async fn local(&self, org: &OrgSlug, sha256: &Sha256) -> Result<Option<LocalFile>, FilesError> {
        self.0.local(org, sha256).await
    }

    async fn keep(&self, org: &OrgSlug, path: &Path) -> Result<Kept, FilesError> {
        let kept = self.0.keep(org, path).await?;
        let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(b"2026-07-03,,9,USD,late\n").unwrap();
        Ok(kept)
    }

    async fn ping(&self) -> Result<(), FilesError> {
        self.0.ping().await
    }
}

/// Else the hash would not be of the rows that were read.
#[tokio::test]
async fn a_file_that_is_written_to_while_it_is_read_is_refused_and_can_be_read_again() {
    let mut world = World::new().await;
    let quiet = world.runs.engine.files.clone();
    world.runs.engine.files = Arc::new(Restless(quiet.clone()));
    let run = world.import("a.csv", CSV.as_bytes()).await;
    assert_eq!(
        (run.status, run.error.unwrap().code.as_str()),
        (RunStatus::Failed, "input_changed")
    );
    assert_eq!(rows(&world).await, Vec::<String>::new());
    world.runs.engine.files = quiet;
    let text = fs::read(world.folder().join("a.csv")).unwrap();
    let run = world.import("a.csv", &text).await;
    assert_eq!((run.status, run.steps[0].rows), (RunStatus::Completed, 4), "{run:#?}");
}
