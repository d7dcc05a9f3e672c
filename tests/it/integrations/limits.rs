//! The plan's number of providers holds, also for requests at the same time.

use std::sync::Arc;

use integration_tests::As;

use super::world::World;

/// The plan of a trial allows this many.
const MOST: usize = 6;

const PROVIDERS: [&str; 8] = ["anvil", "bolt", "chain", "drill", "easel", "file", "gauge", "hinge"];

#[tokio::test]
async fn one_provider_too_many_is_refused_until_another_is_deleted() {
    let world = World::new().await;
    for provider in &PROVIDERS[..MOST] {
        let _ = world.here(provider).json(&world.body("default")).send().await.json_of(201);
    }
    let answer = world.here("gauge").json(&world.body("default")).send().await;
    assert_eq!(answer.header("retry-after"), "3600");
    let (status, code, message) = answer.refusal();
    assert_eq!((status, code.as_str()), (429, "too_many_requests"));
    assert!(message.contains("allows 6 connected providers"), "{message}");
    let _ = world.here("anvil").json(&world.body("second account")).send().await.json_of(422);
    let _ = world.here("anvil").json(&world.body("second_account")).send().await.json_of(201);
    let _ = world.here("anvil").json(&world.body("default")).send().await.json_of(200);
    let one = "/api/v1/integrations/acme/bolt";
    let _ = world.app.delete(As::Root, one).send().await.expect(204);
    let _ = world.here("gauge").json(&world.body("default")).send().await.json_of(201);
}

#[tokio::test]
async fn of_many_at_the_same_time_only_as_many_as_the_plan_allows_get_in() {
    let world = Arc::new(World::new().await);
    let calls = PROVIDERS.map(|provider| {
        let world = world.clone();
        tokio::spawn(async move {
            let mut status = 409;
            // Somebody else changed the same documents: the answer says to try again.
            while status == 409 {
                status =
                    world.here(provider).json(&world.body("default")).send().await.status.as_u16();
            }
            status
        })
    });
    let mut statuses = Vec::new();
    for call in calls {
        statuses.push(call.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [&[201; MOST][..], &[429, 429]].concat());
    assert_eq!(world.connected().await.len(), MOST);
}
