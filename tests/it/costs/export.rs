//! Files of rows.

use arrow::{
    array::{AsArray as _, RecordBatchReader as _},
    datatypes::Decimal128Type,
};
use bytes::Bytes;
use convergence::decimal::Decimal;
use futures::StreamExt as _;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

use super::{rows::focus, world::World};

const NAME: &str = "Zürich, \"quoted\"\nand two lines";

async fn loaded() -> (World, Decimal) {
    let world = World::new().await;
    let cost = |at: usize| format!("{at}.000000000000000001");
    let row = |at: usize| {
        let more = json!({ "ServiceName": NAME, "Tags": "{\"a\":[1,2]}", "ListCost": null });
        focus(&format!("2026-04-{:02}", at % 30 + 1), &cost(at), &more)
    };
    world.load(&["2026-04-01"], &(0..5000).map(row).collect::<Vec<_>>()).await;
    let costs = (0..5000).map(|at| cost(at).parse::<Decimal>().unwrap());
    (world, costs.fold(Decimal::ZERO, |sum, cost| sum.checked_add(cost).unwrap()))
}

async fn file(world: &World, format: &str) -> Bytes {
    let path = format!("export?format={format}&start_date=2026-04-01&end_date=2026-04-30");
    let answer = world.get(&path).await.expect(200);
    let name = format!("attachment; filename=\"acme-2026-04-01-2026-04-30.{format}\"");
    assert_eq!(answer.header("content-disposition"), name);
    answer.body
}

fn sum<'a>(texts: impl Iterator<Item = &'a str>) -> Decimal {
    texts.fold(Decimal::ZERO, |sum, text| sum.checked_add(text.parse().unwrap()).unwrap())
}

#[tokio::test]
async fn csv_comes_back_to_equal_sums() {
    let (world, expected) = loaded().await;
    let body = file(&world, "csv").await;
    let schema = world.app.state.costs.columns().fields().iter();
    let names: Vec<_> = schema.map(|it| it.name.clone()).filter(|n| n != "x_run_id").collect();
    let fields: Vec<_> = names
        .iter()
        .map(|name| arrow::datatypes::Field::new(name, arrow::datatypes::DataType::Utf8, true))
        .collect();
    let schema = std::sync::Arc::new(arrow::datatypes::Schema::new(fields));
    let reader = arrow::csv::ReaderBuilder::new(schema).with_header(true);
    let (mut total, mut rows) = (Decimal::ZERO, 0);
    for batch in reader.build(body.as_ref()).unwrap() {
        let batch = batch.unwrap();
        let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
        total = total.checked_add(sum(text("BilledCost").iter().flatten())).unwrap();
        assert!(text("ServiceName").iter().all(|name| name == Some(NAME)));
        assert_eq!(text("ListCost").iter().flatten().count(), 0, "unknown is not zero");
        rows += batch.num_rows();
    }
    assert_eq!((rows, total), (5000, expected));
}

#[tokio::test]
async fn jsonl_comes_back_to_equal_sums() {
    let (world, expected) = loaded().await;
    let body = file(&world, "jsonl").await;
    let text = String::from_utf8(body.to_vec()).unwrap();
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 5000);
    assert_eq!(sum(rows.iter().map(|row| row["BilledCost"].as_str().unwrap())), expected);
    assert_eq!(rows[0]["Tags"], json!({ "a": [1, 2] }));
    assert_eq!(rows[0]["ListCost"], json!(null));
    assert!(rows[0].get("x_run_id").is_none());
}

#[tokio::test]
async fn parquet_comes_back_to_equal_sums() {
    let (world, expected) = loaded().await;
    let body = file(&world, "parquet").await;
    let reader = ParquetRecordBatchReaderBuilder::try_new(body).unwrap().build().unwrap();
    assert!(reader.schema().field_with_name("ChargePeriodStart").is_ok());
    let (mut total, mut rows) = (Decimal::ZERO, 0);
    for batch in reader {
        let batch = batch.unwrap();
        for value in batch.column_by_name("BilledCost").unwrap().as_primitive::<Decimal128Type>() {
            let value = Decimal::from_scaled(value.unwrap()).unwrap();
            total = total.checked_add(value).unwrap();
        }
        rows += batch.num_rows();
    }
    assert_eq!((rows, total), (5000, expected));
}

#[tokio::test]
async fn an_empty_range_is_a_whole_file() {
    none(&World::new().await).await;
}

#[tokio::test]
async fn an_organization_before_its_first_import_has_nothing_and_no_errors() {
    let world = World::new().await;
    let (org, dataset) =
        (world.org.clone(), convergence::warehouse::Dataset::Org(world.org.clone()));
    let warehouse = &world.app.state.warehouse;
    warehouse.drop_dataset(&dataset).await.unwrap();
    warehouse.create_dataset(&dataset, &std::collections::BTreeMap::new()).await.unwrap();
    world.tables(&org, &["costs_daily"]).await;
    none(&world).await;
    for path in ["summary?SkuId=a", "timeseries?group_by=SkuId", "line-items"] {
        let answer = world.april(path).await;
        let lists = ["totals", "series", "items"].map(|name| answer[name].clone());
        assert!(lists.iter().any(|list| *list == json!([])), "{path}: {answer}");
    }
}

async fn none(world: &World) {
    let csv = file(world, "csv").await;
    assert_eq!(String::from_utf8_lossy(&csv).lines().count(), 1, "the header alone");
    assert!(file(world, "jsonl").await.is_empty());
    let parquet = file(world, "parquet").await;
    let reader = ParquetRecordBatchReaderBuilder::try_new(parquet).unwrap().build().unwrap();
    assert_eq!(reader.count(), 0);
}

#[tokio::test]
async fn an_older_version_has_its_own_columns() {
    let world = World::new().await;
    let rows = [
        focus("2026-04-01", "1", &json!({ "ServiceProviderName": "AWS" })),
        focus(
            "2026-04-01",
            "2",
            &json!({
                "ServiceProviderName": "AWS", "x_extra": "{\"PublisherName\":\"Shop\"}",
            }),
        ),
    ];
    world.load(&["2026-04-01"], &rows).await;
    let file = async |version: &str| {
        let range = "start_date=2026-04-01&end_date=2026-04-30";
        let path = format!("export?format=jsonl&focus_version={version}&{range}");
        let text = world.get(&path).await.expect(200).text();
        let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|row| row["BilledCost"].to_string());
        rows
    };
    for (version, columns) in [("1.0", 43), ("1.1", 50), ("1.2", 57), ("1.3", 65), ("1.4", 65)] {
        let rows = file(version).await;
        assert_eq!(rows[0].as_object().unwrap().len(), columns, "{version}: {}", rows[0]);
    }
    let old = file("1.2").await;
    assert_eq!((&old[0]["ProviderName"], &old[0]["PublisherName"]), (&json!("AWS"), &json!("AWS")));
    assert_eq!(old[1]["PublisherName"], "Shop");
    assert!(old[0].get("ServiceProviderName").is_none() && old[0].get("x_extra").is_none());
    let path = "export?format=csv&focus_version=0.5";
    assert_eq!(world.get(path).await.refusal().0, 422);
}

#[tokio::test]
async fn a_file_comes_in_pieces() {
    let (world, _) = loaded().await;
    for format in ["csv", "jsonl"] {
        let path = format!(
            "/api/v1/costs/acme/export?format={format}&start_date=2026-04-01&end_date=2026-04-30"
        );
        let response = world.app.get(integration_tests::As::Root, &path).response().await;
        let (mut body, mut sizes) = (response.into_body().into_data_stream(), Vec::new());
        while let Some(piece) = body.next().await {
            sizes.push(piece.unwrap().len());
        }
        let whole: usize = sizes.iter().sum();
        assert!(sizes.iter().all(|size| size * 2 <= whole), "{format}: {sizes:?}");
    }
}
