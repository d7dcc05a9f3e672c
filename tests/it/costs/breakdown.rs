//! Tables by any columns.

use serde_json::{Value, json};

use super::{rows::focus, world::World};

async fn loaded() -> World {
    let world = World::new().await;
    let row = |at: usize| {
        // Many groups of the same cost: only a total order pages them without gaps.
        let more = json!({ "ResourceId": (!at.is_multiple_of(13)).then(|| format!("r{}", at % 13)),
            "ServiceName": format!("s{}", at % 2) });
        focus("2026-04-05", "1", &more)
    };
    world.load(&["2026-04-01"], &(0..130).map(row).collect::<Vec<_>>()).await;
    world
}

async fn all(world: &World, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.april(&format!("{path}{cursor}")).await;
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

#[tokio::test]
async fn pages_have_every_group_once() {
    let world = loaded().await;
    let path = "breakdown?group_by=ResourceId,ServiceName&limit=4";
    for sort in ["", "&sort=cost", "&sort=-ResourceId", "&sort=currency"] {
        let items = all(&world, &format!("{path}{sort}")).await;
        let mut groups: Vec<String> = items.iter().map(|item| item["group"].to_string()).collect();
        assert_eq!(groups.len(), 26, "{sort}");
        groups.sort();
        groups.dedup();
        assert_eq!(groups.len(), 26, "{sort}");
        assert!(items.iter().all(|item| item["amount"] == "5"), "{items:?}");
    }
}

#[tokio::test]
async fn unknown_costs_come_last_whichever_way_it_is_sorted() {
    let world = World::new().await;
    let rows = [
        focus("2026-04-05", "1", &json!({ "ServiceName": "a", "EffectiveCost": null })),
        focus("2026-04-05", "-2", &json!({ "ServiceName": "b" })),
        focus("2026-04-05", "3", &json!({ "ServiceName": "c" })),
    ];
    world.load(&["2026-04-01"], &rows).await;
    for (sort, expected) in [("-cost", ["c", "b", "a"]), ("cost", ["b", "c", "a"])] {
        let path = format!("breakdown?group_by=ServiceName&cost=effective&sort={sort}");
        let items = all(&world, &path).await;
        let names: Vec<&str> =
            items.iter().map(|item| item["group"]["ServiceName"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{sort}");
        assert_eq!(items[2]["amount"], json!(null));
        assert_eq!(items[2]["rows_without_cost"], 1);
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_question_and_its_data_only() {
    let world = loaded().await;
    let path = "breakdown?group_by=ResourceId&limit=4";
    let page = world.april(path).await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let other = format!(
        "breakdown?group_by=ServiceName&cursor={cursor}&start_date=2026-04-01&end_date=2026-04-30"
    );
    assert_eq!(world.get(&other).await.refusal().0, 422);
    let same = format!("{path}&cursor={cursor}&start_date=2026-04-01&end_date=2026-04-30");
    assert_eq!(world.get(&same).await.status, 200);
    world.bump().await;
    let (status, _, message) = world.get(&same).await.refusal();
    assert_eq!(status, 422);
    assert!(message.contains("the data changed"), "{message}");
    for wrong in ["x", "AAAA", "%20", ""] {
        let path = format!("{path}&cursor={wrong}");
        assert_eq!(world.get(&path).await.refusal().0, 422, "{wrong}");
    }
}

#[tokio::test]
async fn days_and_months_can_be_grouped_by() {
    let world = loaded().await;
    let items = all(&world, "breakdown?group_by=x_charge_date,x_billing_month").await;
    assert_eq!(
        items[0]["group"],
        json!({ "x_charge_date": "2026-04-05", "x_billing_month": "2026-04-01" })
    );
    assert_eq!(items[0]["amount"], "130");
}
