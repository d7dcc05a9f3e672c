//! From raw rows to FOCUS rows, in the warehouse.

use std::{path::Path, sync::Arc};

use convergence::{
    configs::Configs,
    costs::view,
    warehouse::{Batches, Dataset, Scope, SourceId},
};
use jiff::civil::date;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::{SAMPLE, open, raw_schema, sample::TOTALS, written};
use crate::costs::world::{RUN, World, schema};

/// Imports a file as the pipeline does, but for everything around it.
async fn import(world: &World, path: &Path) {
    let (dataset, warehouse) = (Dataset::Org(world.org.clone()), &world.app.state.warehouse);
    for table in [raw_schema(), schema("focus_gcp")] {
        warehouse.apply_table(&dataset, &table).await.unwrap();
    }
    let rows: Arc<dyn Batches> = open(path).unwrap();
    let constants = [("x_source_id", "gcp/default".to_owned()), ("x_run_id", RUN.to_owned())];
    let months = [3, 4, 5].map(|month| date(2026, month, 1));
    let scope = Scope::months(SourceId::new("gcp", "default"), months);
    let staged = warehouse.stage(&dataset, "gcp_billing_raw", rows, &constants).await.unwrap();
    staged.replace(&scope).await.unwrap();
    let transform = Configs::embedded().get("gcp/cost/billing_to_focus.prql").unwrap().to_owned();
    world.compute(&transform, "focus_gcp", &scope).await;
    world.roll_up("focus_gcp", &scope).await;
    let tables = ["focus_gcp".to_owned(), "focus_import".to_owned()];
    let view = view::schema(tables, world.app.state.costs.columns().fields());
    warehouse.apply_view(&dataset, &view).await.unwrap();
    world.bump().await;
}

async fn items(world: &World, path: &str) -> Vec<Value> {
    let path = format!("{path}&start_date=2026-03-01&end_date=2026-05-31&limit=500");
    world.get(&path).await.json_of(200)["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_invoice_is_what_the_export_says() {
    let world = World::new().await;
    import(&world, Path::new(SAMPLE)).await;
    import(&world, Path::new(SAMPLE)).await;
    let path = "breakdown?group_by=x_billing_month&sort=currency";
    let found = items(&world, path).await;
    assert_eq!(found.len(), 12);
    for (month, currency, cost, credits) in TOTALS {
        let month = format!("{}-{}-01", &month[..4], &month[4..]);
        let of = |item: &&Value| {
            item["group"]["x_billing_month"] == month.as_str() && item["currency"] == currency
        };
        let decimal = |text: &str| text.parse::<convergence::decimal::Decimal>().unwrap();
        let total = decimal(cost).checked_add(decimal(credits)).unwrap();
        let item = found.iter().find(of).unwrap();
        assert_eq!(item["amount"], total.to_string().as_str(), "{month} {currency}");
    }
    let categories = items(&world, "breakdown?group_by=ChargeCategory&BillingCurrency=USD").await;
    let rows = |name: &str| {
        let of = |item: &&Value| item["group"]["ChargeCategory"] == name;
        categories.iter().find(of).map_or(json!(0), |item| item["rows"].clone())
    };
    let all = ["Usage", "Tax", "Adjustment", "Credit", "Purchase"].map(rows);
    insta::assert_snapshot!(json!(all), @"[143,55,51,93,0]");
}

#[tokio::test]
async fn rows_are_as_focus_wants_them() {
    let row = json!({
        "billing_account_id": "A", "service": { "description": "Nobody knows this" },
        "sku": { "id": "S", "description": "Commitment v1: cores" },
        "usage_start_time": "2026-04-30 23:00:00 UTC", "usage_end_time": "2026-05-01 00:00:00 UTC",
        "cost": 10.5, "cost_at_list": 12, "currency": "EUR", "invoice": { "month": "202604" },
        "cost_type": "regular", "subscription": { "instance_id": "sub" },
        "transaction_type": "THIRD_PARTY_RESELLER", "seller_name": "Shop",
        "adjustment_info": { "id": "adj", "type": "USAGE_CORRECTION" },
        "credits": [{ "amount": -0.5, "full_name": "CUD", "type": "COMMITTED_USAGE_DISCOUNT" }],
    });
    let file: NamedTempFile = written(&row.to_string());
    let world = World::new().await;
    import(&world, file.path()).await;
    let mut rows = items(&world, "line-items?x_source_id=gcp/default").await;
    rows.sort_by_key(|row| row["BilledCost"].to_string());
    let pick = |row: &Value| {
        let mut row = row.as_object().unwrap().clone();
        row.retain(|name, value| !value.is_null() && name != "x_extra");
        Value::Object(row)
    };
    insta::assert_json_snapshot!(pick(&rows[0]), @r#"
    {
      "BilledCost": "-0.5",
      "BillingAccountId": "A",
      "BillingAccountType": "Billing Account",
      "BillingCurrency": "EUR",
      "BillingPeriodEnd": "2026-05-01T07:00:00Z",
      "BillingPeriodStart": "2026-04-01T07:00:00Z",
      "ChargeCategory": "Credit",
      "ChargeClass": "Correction",
      "ChargeDescription": "CUD",
      "ChargePeriodEnd": "2026-05-01T00:00:00Z",
      "ChargePeriodStart": "2026-04-30T23:00:00Z",
      "CommitmentDiscountCategory": "Usage",
      "CommitmentDiscountId": "sub",
      "CommitmentDiscountName": "CUD",
      "ContractedCost": "-0.5",
      "EffectiveCost": "-0.5",
      "HostProviderName": "Google Cloud",
      "InvoiceIssuerName": "Google Cloud",
      "ListCost": "-0.5",
      "ServiceCategory": "Other",
      "ServiceName": "Nobody knows this",
      "ServiceProviderName": "Shop",
      "SkuId": "S",
      "SkuMeter": "Commitment v1: cores",
      "x_billing_month": "2026-04-01",
      "x_charge_date": "2026-04-30",
      "x_run_id": "01985b5a-0000-7000-8000-000000000001",
      "x_source_id": "gcp/default"
    }
    "#);
    insta::assert_json_snapshot!(pick(&rows[1]), @r#"
    {
      "BilledCost": "10.5",
      "BillingAccountId": "A",
      "BillingAccountType": "Billing Account",
      "BillingCurrency": "EUR",
      "BillingPeriodEnd": "2026-05-01T07:00:00Z",
      "BillingPeriodStart": "2026-04-01T07:00:00Z",
      "ChargeCategory": "Purchase",
      "ChargeClass": "Correction",
      "ChargeDescription": "Commitment v1: cores",
      "ChargeFrequency": "Recurring",
      "ChargePeriodEnd": "2026-05-01T00:00:00Z",
      "ChargePeriodStart": "2026-04-30T23:00:00Z",
      "ContractedCost": "10.5",
      "EffectiveCost": "10.5",
      "HostProviderName": "Google Cloud",
      "InvoiceIssuerName": "Google Cloud",
      "ListCost": "12",
      "PricingCategory": "Committed",
      "ServiceCategory": "Other",
      "ServiceName": "Nobody knows this",
      "ServiceProviderName": "Shop",
      "SkuId": "S",
      "SkuMeter": "Commitment v1: cores",
      "x_billing_month": "2026-04-01",
      "x_charge_date": "2026-04-30",
      "x_run_id": "01985b5a-0000-7000-8000-000000000001",
      "x_source_id": "gcp/default"
    }
    "#);
}
