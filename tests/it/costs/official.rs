//! Exports in the eyes of FOCUS's official validator.

use std::{collections::BTreeSet, fs, path::PathBuf};

use arrow::{array::RecordBatchReader as _, datatypes::DataType};
use bytes::Bytes;
use integration_tests::{emulators::needed, focus_validator::failures};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::world::World;

/// A file of 1.2 with a charge of each kind, as FOCUS says.
fn golden() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/data/focus/golden-1.2.csv"))
}

async fn imported() -> World {
    let world = World::new().await;
    world.import(&golden(), &["2026-05-01"]).await;
    world
}

async fn exported(world: &World, format: &str, version: &str) -> Bytes {
    let range = "start_date=2026-04-01&end_date=2026-05-31";
    let path = format!("export?format={format}&focus_version={version}&{range}");
    world.get(&path).await.expect(200).body
}

/// The rules that docs/FOCUS.md lists as broken by every file, in the validator's eyes.
fn listed() -> BTreeSet<String> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/FOCUS.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, list) = page.split_once("## What the official validator says").unwrap();
    let rows = list.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| Some(row.split_once('`')?.0.to_owned())).collect()
}

#[tokio::test]
async fn the_official_validator_finds_in_our_1_2_only_what_it_finds_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.parquet");
    fs::write(&file, exported(&imported().await, "parquet", "1.2").await).unwrap();
    let Some(ours) = needed(failures(&file)) else { return };
    let Some(theirs) = needed(failures(&golden())) else { return };
    assert_eq!(ours, theirs);
    assert_eq!(ours, listed());
}

#[tokio::test]
async fn a_file_that_comes_and_goes_in_one_version_is_the_same() {
    let world = imported().await;
    let text = |bytes: &[u8]| -> BTreeSet<String> {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        text.lines().map(str::to_owned).collect()
    };
    let back = text(&exported(&world, "csv", "1.2").await);
    let golden = text(&fs::read(golden()).unwrap());
    let different: Vec<_> = back.symmetric_difference(&golden).collect();
    assert!(different.is_empty(), "{different:#?}");
}

#[tokio::test]
async fn columns_have_the_types_of_focus_and_stand_by_their_names() {
    let world = imported().await;
    for version in ["1.0", "1.1", "1.2", "1.3", "1.4"] {
        let bytes = exported(&world, "parquet", version).await;
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap().build().unwrap();
        let schema = reader.schema();
        let names: Vec<_> = schema.fields().iter().map(|field| field.name().clone()).collect();
        assert!(names.is_sorted(), "{version}: {names:?}");
        for field in schema.fields() {
            let kind = match field.name().as_str() {
                name if name.ends_with("PeriodStart") || name.ends_with("PeriodEnd") => "moment",
                name if ["Cost", "Price", "Quantity"].iter().any(|it| name.ends_with(it)) => {
                    "amount"
                }
                _ => "text",
            };
            let fits = match field.data_type() {
                DataType::Decimal128(38, 18) => kind == "amount",
                DataType::Timestamp(_, Some(zone)) => {
                    kind == "moment" && ["UTC", "+00:00"].contains(&&**zone)
                }
                DataType::Utf8 | DataType::Utf8View => kind == "text",
                _ => false,
            };
            assert!(fits, "{version}: {field:?}");
        }
    }
}
