//! Acme: an organization with a pipeline over days, and the raw rows that it reads.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use convergence::{
    configs::Configs,
    entities::{Limits, OrgState, Organization},
    org::OrgSlug,
    warehouse::{Dataset, Fixed, Scope, SourceId, Warehouse},
};
use jiff::civil::{Date, date};

const RAW: &str = r#"{"fields":[
    {"name":"x_source_id","type":"STRING","mode":"REQUIRED"},
    {"name":"x_billing_month","type":"DATE"},
    {"name":"x_charge_date","type":"DATE"},
    {"name":"x_run_id","type":"STRING"},
    {"name":"began_at","type":"TIMESTAMP"},
    {"name":"cost","type":"BIGNUMERIC"},
    {"name":"currency","type":"STRING"}]}"#;

const TO_FOCUS: &str = "from acme_raw
filter x_source_id == $source
filter x_billing_month >= $first_month && x_billing_month <= $last_month
filter x_charge_date >= $first_day && x_charge_date < $end_day
select {
  BilledCost = cost, BillingCurrency = currency, ChargePeriodStart = began_at,
  x_source_id, x_billing_month, x_charge_date, x_run_id = $run_id
}
";

const DAILY: &str = r#"
description: Costs of Acme by day
provider: acme
parameters: { start_date: { type: date }, end_date: { type: date } }
window: { unit: month, max: 1 }
steps:
  - { id: to_focus, processor: transform, prql: to_focus.prql, into: focus_acme, timeout_seconds: 20, retry: { attempts: 2, wait_seconds: 0 } }
  - id: check
    needs: [to_focus]
    processor: quality
    table: focus_acme
    rules:
      - { not_null: [BilledCost, ServiceName] }
      - { min_rows: 1 }
      - reconciles: { with: acme_raw, columns: [cost], tolerance: "0" }
  - { id: sum, needs: [to_focus], processor: rollup, from: focus_acme, into: costs_daily }
"#;

const HASTY: &str = r"
description: Costs of Acme, in no time
provider: acme
parameters: { start_date: { type: date }, end_date: { type: date } }
steps:
  - { id: to_focus, processor: transform, prql: to_focus.prql, into: focus_acme, timeout_seconds: 1 }
  - { id: sum, needs: [to_focus], processor: rollup, from: focus_acme, into: costs_daily }
";

const FILES_RAW: &str = r#"{"fields":[
    {"name":"x_source_id","type":"STRING","mode":"REQUIRED"},
    {"name":"x_billing_month","type":"DATE","mode":"REQUIRED"},
    {"name":"x_charge_date","type":"DATE","mode":"REQUIRED"},
    {"name":"x_run_id","type":"STRING","mode":"REQUIRED"},
    {"name":"_ingested_at","type":"TIMESTAMP"},
    {"name":"usage_day","type":"DATE","mode":"REQUIRED"},
    {"name":"invoice_month","type":"DATE"},
    {"name":"cost","type":"BIGNUMERIC"},
    {"name":"currency","type":"STRING"},
    {"name":"note","type":"STRING"}]}"#;

const FILES: &str = r"
description: Files of Acme, as they are
provider: acme
parameters: { input: { type: file } }
steps:
  - { id: extract, processor: extract, into: files_raw, day: usage_day, month: invoice_month }
";

pub(super) fn limits() -> Limits {
    Limits {
        runs_per_day: 10,
        runs_per_month: 100,
        concurrent_runs: 1,
        seats: 1,
        providers: 1,
        history_months: 12,
    }
}

pub(super) fn organization(now: jiff::Timestamp) -> Organization {
    Organization {
        org_slug: OrgSlug::parse("Acme").expect("a slug"),
        company_name: "Société Générale".to_owned(),
        admin_email: "a@example.com".to_owned(),
        dataset: "acme_local".to_owned(),
        state: OrgState::Active,
        currency: "EUR".to_owned(),
        country: "FR".to_owned(),
        language: "fr".to_owned(),
        timezone: "Europe/Paris".to_owned(),
        fiscal_year_start_month: 1,
        created_at: now,
        version: 1,
        creation: "x".to_owned(),
        due_at: None,
        other: serde_json::Map::new(),
    }
}

pub(super) fn configs() -> Configs {
    let own = [
        ("setup/organization/acme_raw.json", RAW),
        ("setup/organization/files_raw.json", FILES_RAW),
        ("acme/cost/files.yml", FILES),
        ("acme/cost/to_focus.prql", TO_FOCUS),
        ("acme/cost/daily.yml", DAILY),
        ("acme/cost/hasty.yml", HASTY),
    ];
    let embedded = Configs::embedded();
    let shipped = embedded.below("setup/").map(|(path, text)| (path.to_owned(), text.to_owned()));
    Configs::of(shipped.chain(own.map(|(path, text)| (path.to_owned(), text.to_owned()))))
}

/// Puts raw rows of a month and source in place of those that were there.
pub(super) async fn raw_rows(
    warehouse: &dyn Warehouse,
    org: &OrgSlug,
    (source, month): (&str, Date),
    costs: &[(i8, &str)],
) {
    let days: Vec<i32> = costs
        .iter()
        .map(|(day, _)| epoch_days(month.with().day(*day).build().expect("a day")))
        .collect();
    let same = |text: &str| -> ArrayRef {
        Arc::new(StringArray::from(vec![text.to_owned(); costs.len()]))
    };
    let amounts = costs.iter().map(|(_, cost)| {
        cost.parse::<convergence::decimal::Decimal>().expect("an amount").scaled()
    });
    let amounts = Decimal128Array::from_iter_values(amounts)
        .with_precision_and_scale(38, 18)
        .expect("a type");
    let micros = days.iter().map(|day| i64::from(*day) * 86_400_000_000);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("x_source_id", same(source)),
        ("x_billing_month", Arc::new(Date32Array::from(vec![epoch_days(month); costs.len()]))),
        ("x_charge_date", Arc::new(Date32Array::from(days.clone()))),
        ("x_run_id", same("raw")),
        (
            "began_at",
            Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC")),
        ),
        ("cost", Arc::new(amounts)),
        ("currency", same("USD")),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let (provider, name) = source.split_once('/').expect("a source");
    let scope = Scope::months(SourceId::new(provider, name), [month]);
    let rows = Arc::new(Fixed::new(batch.schema(), vec![batch]));
    warehouse
        .replace(&Dataset::Org(org.clone()), "acme_raw", &scope, rows)
        .await
        .expect("a replace");
}

fn epoch_days(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}
