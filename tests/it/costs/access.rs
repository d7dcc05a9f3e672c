//! Who may read costs.

use convergence::{entities::KeyScope, org::OrgSlug};
use integration_tests::As;
use serde_json::json;

use super::{rows::focus, world::World};

const PATHS: [&str; 6] = [
    "summary",
    "timeseries",
    "breakdown?group_by=ServiceName",
    "line-items",
    "export?format=csv",
    "quality",
];

#[tokio::test]
async fn another_organization_does_not_exist() {
    let world = World::new().await;
    let (acme, other) = (world.org.clone(), OrgSlug::parse("other").unwrap());
    world.onboard(&other, "UTC").await;
    world.load(&["2026-04-01"], &[focus("2026-04-01", "1", &json!({}))]).await;
    let (own, theirs) = (
        world.key(&acme, &[KeyScope::CostsRead]).await,
        world.key(&other, &[KeyScope::CostsRead]).await,
    );
    let runs = world.key(&acme, &[KeyScope::PipelinesRun]).await;
    for path in PATHS {
        let at = |org: &str| format!("/api/v1/costs/{org}/{path}");
        let status = async |caller: &As, org: &str| {
            world.app.get(caller.clone(), &at(org)).send().await.status.as_u16()
        };
        assert_eq!(status(&own, "acme").await, 200, "{path}");
        assert_eq!(status(&own, "ACME").await, 200, "{path}: one slug in any case");
        assert_eq!(status(&theirs, "acme").await, 404, "{path}");
        assert_eq!(status(&own, "other").await, 404, "{path}");
        assert_eq!(status(&As::Root, "absent").await, 404, "{path}");
        assert_eq!(status(&runs, "acme").await, 403, "{path}");
        assert_eq!(status(&As::Nobody, "acme").await, 401, "{path}");
    }
}
