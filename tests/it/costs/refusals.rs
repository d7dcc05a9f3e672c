//! Questions that cannot be answered.

use serde_json::Value;

use super::world::World;

async fn details(world: &World, path: &str) -> Vec<(String, String)> {
    let answer = world.get(path).await;
    assert_eq!(answer.refusal().0, 422, "{path}");
    let details = answer.json()["details"].as_array().cloned().unwrap_or_default();
    let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    details.iter().map(|it| (text(it, "field"), text(it, "message"))).collect()
}

#[tokio::test]
async fn every_mistake_is_named() {
    let world = World::new().await;
    for (path, field, words) in [
        ("summary?start_date=2026-02-30&end_date=2026-03-01", "start_date", "no day that exists"),
        ("summary?start_date=2026-03-01&end_date=tomorrow", "end_date", "no day that exists"),
        ("summary?start_date=2026-03-01T00:00&end_date=2026-03-02", "start_date", "no day"),
        ("summary?start_date=2026-03-02&end_date=2026-03-01", "end_date", "ends before it starts"),
        ("summary?start_date=2020-01-01&end_date=2026-03-01", "end_date", "at most 1096 days"),
        ("summary?start_date=0001-01-01&end_date=0001-01-02", "end_date", "years are"),
        ("summary?start_date=2026-03-02", "end_date", "give both"),
        ("summary?end_date=2026-03-02", "start_date", "give both"),
        ("summary?cost=all", "cost", "billed, effective, list or contracted"),
        ("summary?cost=list&cost=list", "cost", "once"),
        ("summary?servicename=x", "servicename", "no FOCUS column"),
        ("summary?Tags=x", "Tags", "no FOCUS column"),
        ("summary?BilledCost=1", "BilledCost", "no FOCUS column"),
        ("summary?x_run_id=1", "x_run_id", "no FOCUS column"),
        ("summary?x_billing_month=april", "x_billing_month", "2026-01-31"),
        ("summary?x_billing_month~=2026", "x_billing_month~", "only compared"),
        ("summary?ServiceName~=", "ServiceName~", "say which text"),
        ("summary?ServiceName)=x", "ServiceName)", "no FOCUS column"),
        ("timeseries?interval=hour", "interval", "day, week or month"),
        ("timeseries?group_by=a", "group_by", "no column to group by"),
        ("timeseries?group_by=ServiceName,RegionId,SkuId", "group_by", "at most 2"),
        ("timeseries?group_by=ServiceName,ServiceName", "group_by", "twice"),
        ("timeseries?top=0", "top", "from 1 to 50"),
        ("timeseries?top=1e3", "top", "from 1 to 50"),
        ("breakdown", "group_by", "say by which"),
        ("breakdown?group_by=ServiceName;drop", "group_by", "no column"),
        ("breakdown?group_by=ServiceName&sort=-RegionId", "sort", "a column of `group_by`"),
        ("breakdown?group_by=ServiceName&limit=501", "limit", "from 1 to 500"),
        ("line-items?cost=list", "cost", "no such parameter"),
        ("export", "format", "say which"),
        ("export?format=xlsx", "format", "say which"),
        ("quality?ServiceName=x", "ServiceName", "no such parameter"),
    ] {
        let found = details(&world, path).await;
        assert_eq!(found.len(), 1, "{path}: {found:?}");
        assert_eq!(found[0].0, field, "{path}");
        assert!(found[0].1.contains(words), "{path}: {}", found[0].1);
    }
}

#[tokio::test]
async fn all_mistakes_come_at_once() {
    let world = World::new().await;
    let path = "breakdown?start_date=x&end_date=y&cost=z&group_by=q&sort=w&limit=0&Nope=1";
    let fields: Vec<String> =
        details(&world, path).await.into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["start_date", "end_date", "cost", "group_by", "sort", "limit", "Nope"]);
}

#[tokio::test]
async fn filters_have_an_end() {
    let world = World::new().await;
    let values = |count: usize| vec!["ServiceName=x"; count].join("&");
    assert_eq!(world.get(&format!("summary?{}", values(32))).await.status, 200);
    let found = details(&world, &format!("summary?{}", values(33))).await;
    assert!(found[0].1.contains("at most 32"), "{found:?}");
}
