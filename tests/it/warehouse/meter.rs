//! What queries cost is counted and recorded, and never in anybody's way.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use convergence::{
    configs::Configs,
    warehouse::{
        Dataset, Labels, Query, Warehouse, WarehouseError,
        meter::{INTERVAL, Meter, TABLE},
    },
};
use integration_tests::{TestClock, TestIds};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::fixture::{Place, ask, january, place};

struct Metered {
    place: Place,
    clock: Arc<TestClock>,
    meter: Arc<Meter>,
}

async fn metered() -> anyhow::Result<Metered> {
    let place = place().await?;
    let clock = Arc::new(TestClock::default());
    let ids = Arc::new(TestIds::new(clock.clone()));
    let meter = Meter::new(Arc::new(place.db.clone()), clock.clone(), ids);
    Ok(Metered { place, clock, meter })
}

async fn bootstrap(db: &dyn Warehouse) -> anyhow::Result<()> {
    let configs = Configs::embedded();
    let text = configs.get("setup/bootstrap/schemas/org_cost_tracking.json");
    db.create_dataset(&Dataset::System, &BTreeMap::new()).await?;
    db.apply_table(&Dataset::System, &serde_json::from_str(text.unwrap_or_default())?).await?;
    Ok(())
}

/// Who asked what how often, as it was recorded.
async fn recorded(db: &dyn Warehouse) -> anyhow::Result<Vec<String>> {
    let prql =
        format!("from {TABLE}\nselect {{usage_date, org_slug, pipeline_id, query_name, jobs}}");
    ask(db, &Dataset::System, &prql).await
}

fn query(name: &'static str) -> Query {
    Query::new(name, "from charges | aggregate {rows = count this}")
}

#[tokio::test]
async fn queries_of_a_kind_become_one_row() {
    let Metered { place, clock, meter } = metered().await.unwrap();
    bootstrap(&place.db).await.unwrap();
    let labels = Labels {
        pipeline: Some("focus/cost/import".into()),
        run: Some(uuid::Uuid::nil()),
        step: None,
    };
    for _ in 0..3 {
        meter.query(&place.org, &query("totals")).await.unwrap();
    }
    meter.query(&place.org, &query("totals").labelled(labels)).await.unwrap();
    drop(meter.stream(&place.org, &query("export")).await.unwrap());
    let prql = "from charges | select {x_source_id, x_billing_month, x_charge_date, BilledCost}";
    meter.materialize(&place.org, &Query::new("copy", prql), "charges", &january()).await.unwrap();
    meter.flush().await.unwrap();
    meter.flush().await.unwrap();
    let day = jiff::tz::TimeZone::UTC.to_datetime(convergence::clock::Clock::now(&*clock)).date();
    let wanted = [
        format!("{day}|acme|focus/cost/import|totals|1"),
        format!("{day}|acme|null|copy|1"),
        format!("{day}|acme|null|export|1"),
        format!("{day}|acme|null|totals|3"),
    ];
    assert_eq!(recorded(&place.db).await.unwrap(), wanted);

    // The next day is another row, and a question that fails counts nothing.
    clock.advance(SignedDuration::from_hours(24));
    meter.query(&place.org, &query("totals")).await.unwrap();
    meter.query(&place.org, &Query::new("wrong", "from nowhere")).await.unwrap_err();
    meter.flush().await.unwrap();
    assert_eq!(recorded(&place.db).await.unwrap().len(), 5);
}

#[tokio::test]
async fn what_could_not_be_recorded_is_kept_for_the_next_time() {
    let Metered { place, meter, .. } = metered().await.unwrap();
    meter.query(&place.org, &query("totals")).await.unwrap();
    let refused = meter.flush().await.unwrap_err();
    assert!(matches!(refused, WarehouseError::NoSuchDataset(_)), "{refused:?}");
    bootstrap(&place.db).await.unwrap();
    meter.query(&place.org, &query("totals")).await.unwrap();
    meter.flush().await.unwrap();
    let rows = recorded(&place.db).await.unwrap();
    assert!(rows.len() == 1 && rows[0].ends_with("|acme|null|totals|2"), "{rows:?}");
}

#[tokio::test]
async fn a_running_meter_records_when_there_is_much_and_at_the_end() {
    let Metered { place, meter, .. } = metered().await.unwrap();
    bootstrap(&place.db).await.unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn(meter.clone().run(stop.clone()));
    for n in 0..500 {
        let labels = Labels { run: Some(uuid::Uuid::from_u128(n)), ..Labels::default() };
        meter.query(&place.org, &query("many").labelled(labels)).await.unwrap();
    }
    let appended = async {
        while recorded(&place.db).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(INTERVAL / 2, appended).await.expect("it waited for its time");
    meter.query(&place.org, &query("last")).await.unwrap();
    stop.cancel();
    running.await.unwrap();
    assert_eq!(recorded(&place.db).await.unwrap().len(), 501);
}

#[tokio::test]
async fn the_system_is_nobody() {
    let Metered { place, meter, .. } = metered().await.unwrap();
    bootstrap(&place.db).await.unwrap();
    let prql = format!("from {TABLE} | aggregate {{rows = count this}}");
    meter.query(&Dataset::System, &Query::new("audit", prql)).await.unwrap();
    meter.flush().await.unwrap();
    let rows = recorded(&place.db).await.unwrap();
    assert!(rows[0].contains("|null|null|audit|1"), "{rows:?}");
}
