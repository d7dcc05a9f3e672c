//! Answers are kept until the data changes.

use serde_json::json;

use super::{rows::focus, world::World};

#[tokio::test]
async fn an_answer_is_kept_until_a_new_import_and_then_seen_at_once() {
    let world = World::new().await;
    world.load(&["2026-04-01"], &[focus("2026-04-01", "1", &json!({}))]).await;
    assert_eq!(world.april("summary").await["totals"][0]["amount"], "1");

    // Behind the back of the version: the kept answer is given, whatever the tables say.
    world.put(&["2026-04-01"], &[focus("2026-04-01", "2", &json!({}))]).await;
    assert_eq!(world.april("summary").await["totals"][0]["amount"], "1");
    assert_eq!(world.april("summary?cost=list").await["totals"][0]["amount"], "2", "not asked yet");
    world.bump().await;
    assert_eq!(world.april("summary").await["totals"][0]["amount"], "2");
}

#[tokio::test]
async fn a_new_import_is_seen_at_once() {
    let world = World::new().await;
    for cost in ["1", "2", "3"] {
        world.load(&["2026-04-01"], &[focus("2026-04-01", cost, &json!({}))]).await;
        assert_eq!(world.april("summary").await["totals"][0]["amount"], cost);
        assert_eq!(world.april("line-items").await["items"][0]["BilledCost"], cost);
        let series = world.april("timeseries").await;
        assert_eq!(series["series"][0]["total"]["amount"], cost);
    }
}
