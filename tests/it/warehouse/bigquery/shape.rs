//! Tables as they are made: what their schemas say of partitions and clusters, and whose they are.

use std::collections::BTreeMap;

use convergence::{
    configs::Configs,
    http::outgoing,
    org::OrgSlug,
    setup::{bootstrap_tables, organization_tables, table},
    warehouse::{Applied, Dataset, TableSchema, Warehouse as _, bigquery::BigQuery},
};
use integration_tests::emulators::{self, needed};
use serde_json::{Value, json};

use super::place::{open, settings};

/// A dataset of Acme's, and where BigQuery says what its tables are.
struct Acme {
    warehouse: BigQuery,
    dataset: Dataset,
    tables: String,
}

impl Acme {
    async fn new() -> Option<Self> {
        let emulator = needed(emulators::bigquery().await)?;
        let project = emulators::project();
        let url = format!("bigquery://{project}?location=US");
        let warehouse = open(&settings(&url, emulator.host(), emulator.grpc()));
        let dataset = Dataset::Org(OrgSlug::parse("acme").unwrap());
        warehouse.create_dataset(&dataset, &BTreeMap::new()).await.unwrap();
        let host = emulator.host();
        let of = "datasets/acme_local/tables";
        let tables = format!("http://{host}/bigquery/v2/projects/{project}/{of}");
        Some(Self { warehouse, dataset, tables })
    }

    async fn apply(&self, schema: &TableSchema) -> Applied {
        self.warehouse.apply_table(&self.dataset, schema).await.unwrap()
    }

    /// What BigQuery says of a table.
    async fn table(&self, name: &str) -> Value {
        let url = format!("{}/{name}", self.tables);
        let answer = outgoing().build().unwrap().get(url).send().await.unwrap();
        answer.json().await.unwrap()
    }
}

fn schema(more: &Value) -> TableSchema {
    let mut all = json!({
        "name": "charges",
        "description": "Charges",
        "partition_by": "day",
        "cluster_by": ["source"],
        "fields": [{"name": "day", "type": "DATE"}, {"name": "source", "type": "STRING"}],
    });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

/// All that a schema says, but for the columns, as BigQuery says it.
fn said(schema: &TableSchema) -> Value {
    let Some(field) = &schema.partition_by else { return json!([null, null]) };
    let mut days = json!({ "type": "DAY", "field": field });
    if let Some(kept) = schema.partition_expiration_days {
        days["expirationMs"] = (u64::from(kept) * 86_400_000).to_string().into();
    }
    let required = schema.require_partition_filter.then_some(true);
    json!([days, required])
}

#[tokio::test]
async fn every_table_is_made_as_its_schema_says_and_has_its_organization_s_label() {
    let Some(acme) = Acme::new().await else { return };
    let configs = Configs::embedded();
    let mut all = bootstrap_tables(&configs).unwrap();
    all.extend(organization_tables(&configs).unwrap());
    let charges = table(&configs, "setup/organization/focus.json").unwrap();
    all.push(TableSchema { name: "focus_aws".to_owned(), ..charges });
    for schema in &all {
        assert_eq!(acme.apply(schema).await, Applied::Created);
        let made = acme.table(&schema.name).await;
        let rules = json!([made["timePartitioning"], made["requirePartitionFilter"]]);
        assert_eq!(rules, said(schema), "{}", schema.name);
        let clusters = made["clustering"]["fields"].as_array().cloned().unwrap_or_default();
        assert_eq!(json!(clusters), json!(schema.cluster_by), "{}", schema.name);
        assert_eq!(made["labels"], json!({ "org": "acme" }), "{}", schema.name);
        assert_eq!(acme.apply(schema).await, Applied::Unchanged, "{}", schema.name);
    }
}

#[tokio::test]
async fn a_table_that_is_there_gets_the_rules_that_it_lacks() {
    let Some(acme) = Acme::new().await else { return };
    assert_eq!(acme.apply(&schema(&json!({}))).await, Applied::Created);
    let rules = json!({ "require_partition_filter": true, "partition_expiration_days": 400 });
    let wanted = schema(&rules);
    assert_eq!(acme.apply(&wanted).await, Applied::Updated(Vec::new()));
    let made = acme.table("charges").await;
    assert_eq!(json!([made["timePartitioning"], made["requirePartitionFilter"]]), said(&wanted));
    assert_eq!(made["schema"]["fields"].as_array().map(Vec::len), Some(2), "columns stay");
    assert_eq!(acme.apply(&wanted).await, Applied::Unchanged);

    let mut wider = schema(&json!({ "require_partition_filter": false }));
    let column = json!({ "name": "note", "type": "STRING" });
    wider.fields.push(serde_json::from_value(column).unwrap());
    assert_eq!(acme.apply(&wider).await, Applied::Updated(vec!["note".to_owned()]));
    let made = acme.table("charges").await;
    assert_eq!(made["requirePartitionFilter"], Value::Null, "columns and rules go together");
    assert_eq!(acme.apply(&wider).await, Applied::Unchanged);
}
