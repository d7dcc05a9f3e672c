//! The real sample: 1,000 rows of three providers, from file to HTTP and back.
//!
//! All expected sums were computed by Python's `decimal` over the file's own text.

use std::path::Path;

use convergence::{
    configs::Configs,
    focus::Model,
    ingest::{FocusReader, Options},
    warehouse::Batches as _,
};
use serde_json::json;

use super::world::World;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/focus-1.0-sample-1000.csv");
const RANGE: &str = "start_date=2024-09-01&end_date=2024-10-31";

async fn loaded() -> World {
    let world = World::new().await;
    world.import(Path::new(SAMPLE), &["2024-09-01", "2024-10-01"]).await;
    world
}

#[tokio::test]
async fn totals_are_exact_and_say_what_is_unknown() {
    let world = loaded().await;
    for (cost, amount, lacking) in [
        ("billed", "20.52022672899", 0),
        ("effective", "14.97651418586", 0),
        ("list", "20.39090575119", 0),
        ("contracted", "14.97626039326", 7),
    ] {
        for path in ["summary", "summary?ChargeCategory!=none&SkuId!=none"] {
            // The second filter is on a column that only the rows have, not the daily sums.
            let sign = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{sign}cost={cost}&{RANGE}");
            let totals = world.get(&path).await.json_of(200)["totals"].clone();
            assert_eq!(totals.as_array().unwrap().len(), 1, "one currency");
            assert_eq!(totals[0]["currency"], "USD");
            assert_eq!(totals[0]["amount"], amount, "{path}");
            assert_eq!(totals[0]["rows"], 1000);
            assert_eq!(totals[0]["rows_without_cost"], lacking);
        }
    }
}

#[tokio::test]
async fn providers_and_categories_are_exact() {
    let world = loaded().await;
    let path = format!("summary?{RANGE}");
    let providers = world.get(&path).await.json_of(200)["by_provider"].clone();
    for (at, name, amount, rows) in [
        (0, "AWS", "18.0066386184", 942),
        (1, "Microsoft", "1.97651418586", 51),
        (2, "Oracle", "0.53707392473", 7),
    ] {
        assert_eq!(providers[at]["group"], json!({ "ServiceProviderName": name }));
        assert_eq!(providers[at]["amount"], amount);
        assert_eq!(providers[at]["rows"], rows);
    }
    let path = format!("breakdown?group_by=ServiceCategory&cost=contracted&limit=3&{RANGE}");
    let items = world.get(&path).await.json_of(200)["items"].clone();
    for (at, name, amount, lacking) in
        [(0, "Compute", "14.7565610902", 5), (1, "Databases", "0.37096774194", 0)]
    {
        assert_eq!(items[at]["group"]["ServiceCategory"], name);
        assert_eq!(items[at]["amount"], amount);
        assert_eq!(items[at]["rows_without_cost"], lacking);
    }
}

#[tokio::test]
async fn what_is_exported_can_be_imported_to_equal_sums() {
    let world = loaded().await;
    let model = Model::read(&Configs::embedded()).unwrap();
    for format in ["csv", "jsonl", "parquet"] {
        for version in ["1.0", "1.2", "1.4"] {
            let path = format!("export?format={format}&focus_version={version}&{RANGE}");
            let body = world.get(&path).await.expect(200).body;
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), &body).unwrap();
            let told = Options { version: version.parse().ok(), ..Options::default() };
            let reader = FocusReader::open(file.path(), &model, told).unwrap();
            while reader.next().unwrap().is_some() {}
            let report = reader.report();
            assert_eq!((report.rows, report.rejected, report.notices.len()), (1000, 0, 0));
            let costs = &report.currencies["USD"].costs;
            for (column, amount, missing) in [
                ("BilledCost", "20.52022672899", 0),
                ("EffectiveCost", "14.97651418586", 0),
                ("ListCost", "20.39090575119", 0),
                ("ContractedCost", "14.97626039326", 7),
            ] {
                let sum = costs[column];
                assert_eq!(sum.total.unwrap().to_string(), amount, "{format} {version} {column}");
                assert_eq!(sum.missing, missing, "{format} {version} {column}");
            }
        }
    }
}
