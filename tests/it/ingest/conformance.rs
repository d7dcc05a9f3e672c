//! What FOCUS says of columns and rows, as data: it is the official model's, and each rule finds what
//! breaks it.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, AsArray as _, RecordBatch, StringArray},
    csv::{ReaderBuilder, Writer},
    datatypes::{DataType, Field, Schema},
};
use convergence::{
    configs::Configs,
    focus::{Conformance, Level, Version},
    pipeline::{
        Plans,
        processors::{Processor, Rule},
    },
    warehouse::{Query, Warehouse as _},
};
use integration_tests::emulators::{needed, part};
use jiff::civil::date;
use serde_json::Value;

use super::{
    imported::{Place, import, place},
    model, repository,
};

const TABLE: &str = "focus_import";
const GOLDEN: &str = "tests/data/focus/golden-1.2.csv";

fn data(name: &str) -> Value {
    let path = repository().join("tests/data/focus").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_columns_are_those_of_the_official_model() {
    let data = data("model-1.4.json");
    let official = data["datasets"]["Cost and Usage"]["columns"].as_object().unwrap();
    let ours: BTreeSet<_> = model().columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(ours, official.keys().map(String::as_str).collect());
    for column in &model().columns {
        let said = &official[&column.name];
        let text = |name: &str| said[name].as_str().unwrap_or_default();
        let level = match column.level {
            Level::Mandatory => "Mandatory",
            Level::Conditional => "Conditional",
            Level::Recommended => "Recommended",
        };
        let values = said["allowed_values"].as_array().cloned().unwrap_or_default();
        let values: Vec<_> = values.iter().map(|value| value.as_str().unwrap()).collect();
        let kept = column.name == "ServiceSubcategory" || values == column.values;
        assert!(kept, "{}: {values:?}", column.name);
        assert_eq!(level, text("feature_level"), "{}", column.name);
        assert_eq!(column.since.as_str(), text("version"), "{}", column.name);
        assert_eq!(column.never_null(), said["allows_nulls"] == false, "{}", column.name);
        let never_negative = text("value_format") == "Decimal (non-negative)";
        assert_eq!(column.never_negative(), never_negative, "{}", column.name);
        assert_eq!(column.json, text("data_type") == "JSON", "{}", column.name);
    }
    let parents = data["service_subcategory_parents"].as_object().unwrap();
    let ours =
        model().subcategories.iter().flat_map(|(of, all)| all.iter().map(move |it| (it, of)));
    let ours: BTreeMap<_, _> = ours.map(|(it, of)| (it.as_str(), of.as_str())).collect();
    assert_eq!(ours, parents.iter().map(|(it, of)| (it.as_str(), of.as_str().unwrap())).collect());
}

#[test]
fn the_columns_of_1_2_are_those_of_its_specification() {
    let (data, model) = (data("columns-1.2.json"), model());
    let had = |since: Version, until: Version| since <= Version::V1_2 && until >= Version::V1_2;
    let kept = model.columns.iter().filter(|column| column.since <= Version::V1_2);
    let dropped = model.dropped.iter().filter(|column| had(column.since, column.until));
    let ours: BTreeSet<_> = kept
        .map(|column| column.name.as_str())
        .chain(dropped.map(|column| column.name.as_str()))
        .collect();
    assert_eq!(ours, data.as_object().unwrap().keys().map(String::as_str).collect());
}

#[test]
fn the_rules_are_written_from_the_official_ones() {
    if needed(part("focus")).is_none() {
        return;
    }
    let script = Command::new("scripts/focus-rules").current_dir(repository()).output().unwrap();
    let said = String::from_utf8_lossy(&script.stderr);
    let written = String::from_utf8(script.stdout).unwrap();
    let kept =
        std::fs::read_to_string(repository().join("configs/system/focus_rules.yml")).unwrap();
    assert!(written == kept, "scripts/focus-rules > configs/system/focus_rules.yml; {said}");
}

/// How many rows or values break each rule.
async fn findings(place: &Place) -> BTreeMap<String, u64> {
    let conformance = Conformance::new(model());
    let ask = |text: String| {
        Query::new("conformance", text)
            .with("source", "focus/default")
            .with("first_month", date(2020, 1, 1))
            .with("last_month", date(2030, 1, 1))
            .with("first_day", date(2020, 1, 1))
            .with("end_day", date(2030, 1, 1))
    };
    let answer = place.db.query(&place.org, &ask(conformance.prql(TABLE))).await.unwrap();
    let found = conformance.read(&answer).unwrap().into_iter();
    let mut found: BTreeMap<_, _> = found.map(|it| (it.rule, it.failed_rows)).collect();
    for (rule, text) in conformance.distinct(TABLE) {
        let answer = place.db.query(&place.org, &ask(text)).await.unwrap();
        let several = convergence::pipeline::engine::answer::count(&answer).unwrap();
        if several > 0 {
            found.insert(rule.id.clone(), several);
        }
    }
    found
}

/// What is found in the golden rows after some cells of the first, a usage row, were changed.
async fn with(cells: &[(&str, &str)]) -> BTreeMap<String, u64> {
    let text = std::fs::read_to_string(repository().join(GOLDEN)).unwrap();
    let names = text.lines().next().unwrap().split(',');
    let fields: Vec<_> = names.map(|name| Field::new(name, DataType::Utf8, true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let reader = ReaderBuilder::new(schema.clone()).with_header(true).build(text.as_bytes());
    let rows = reader.unwrap().next().unwrap().unwrap();
    let changed = |(field, column): (&Arc<Field>, &ArrayRef)| -> ArrayRef {
        let mut texts: Vec<_> = column.as_string::<i32>().iter().collect();
        let cell = cells.iter().find(|(name, _)| name == field.name());
        texts[0] = cell.map_or(texts[0], |(_, value)| Some(*value));
        Arc::new(StringArray::from(texts))
    };
    let columns = schema.fields().iter().zip(rows.columns()).map(changed).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.csv");
    let mut writer = Writer::new(std::fs::File::create(&path).unwrap());
    writer.write(&RecordBatch::try_new(schema, columns).unwrap()).unwrap();
    let place = place().await;
    import(&place, path.to_str().unwrap(), "run").await;
    findings(&place).await
}

/// Cells, and the rules that they break.
type Broken = (&'static [(&'static str, &'static str)], &'static [&'static str]);

#[tokio::test]
async fn rows_as_focus_says_break_nothing() {
    let broken = with(&[]).await;
    assert_eq!(broken, BTreeMap::new());
}

#[tokio::test]
async fn each_kind_of_rule_finds_the_row_that_breaks_it() {
    let broken: [Broken; 9] = [
        (&[("RegionName", "")], &["RegionName-C-005"]),
        (&[("RegionId", "")], &["RegionName-C-004"]),
        (&[("ListUnitPrice", "")], &["ListUnitPrice-C-005"]),
        (&[("ChargePeriodEnd", "2026-05-03T00:00:00Z")], &["ChargePeriodEnd-C-004"]),
        (&[("Tags", "[]")], &["Tags-C-001"]),
        (&[("SkuId", "OTHER")], &["SkuPriceId-C-008"]),
        (&[("ServiceCategory", "Storage")], &["ServiceName-C-005", "subcategory_of_category"]),
        (&[("ConsumedUnit", "")], &["ConsumedUnit-C-006"]),
        (&[("ContractedUnitPrice", "-1")], &["never_negative"]),
    ];
    for (cells, rules) in broken {
        let found = with(cells).await;
        let expected: BTreeMap<_, _> = rules.iter().map(|rule| ((*rule).to_owned(), 1)).collect();
        assert_eq!(found, expected, "{cells:?}");
    }
}

#[tokio::test]
async fn what_a_provider_has_not_at_all_breaks_no_rule_about_missing_values() {
    let place = place().await;
    import(&place, "tests/data/focus/focus-1.4.csv", "run").await;
    let found = findings(&place).await;
    let lacking = found.keys().filter(|rule| rule.starts_with("RegionName"));
    assert_eq!(lacking.count(), 0, "{found:?}");
}

#[test]
fn every_pipeline_holds_its_focus_rows_against_focus() {
    let plans = Plans::load(&Configs::embedded()).unwrap();
    for plan in plans.iter() {
        let written = plan.steps.iter().filter_map(|step| step.processor.table());
        let checked = |table: &str| {
            plan.steps.iter().any(|step| match &step.processor {
                Processor::Quality(it) => {
                    let mut rules = it.rules.iter().map(|rule| &rule.value);
                    it.table.value == table && rules.any(|rule| *rule == Rule::FocusConformance)
                }
                _ => false,
            })
        };
        for table in written.filter(|table| table.starts_with("focus_")) {
            assert!(checked(table), "{}: no `focus_conformance` of {table}", plan.name);
        }
    }
}
