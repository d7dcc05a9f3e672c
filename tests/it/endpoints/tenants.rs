//! Two organizations that try to read each other's everything.

use convergence::entities::KeyScope;
use integration_tests::As;

use super::walk::endpoints;
use crate::auth::world;

/// What is another's looks exactly like what is nobody's, whatever is asked.
#[tokio::test]
async fn anothers_organization_cannot_be_told_from_none() {
    let app = world::app(&[]).await;
    let key = As::Key(world::key(&app, "globex", &KeyScope::ALL).await.expose().to_owned());
    for endpoint in endpoints(local::router()).iter().filter(|endpoint| endpoint.of_org()) {
        let theirs = endpoint.call(&app, key.clone(), "acme").await;
        let nobodys = endpoint.call(&app, key.clone(), "initech").await;
        let endpoint = format!("{} {}", endpoint.method, endpoint.path);
        assert_eq!(theirs.refusal(), nobodys.refusal(), "{endpoint}");
        assert!([401, 404].contains(&theirs.status.as_u16()), "{endpoint}");
        let names = |answer: &integration_tests::Answer| {
            let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            names
        };
        assert_eq!(names(&theirs), names(&nobodys), "{endpoint}");
    }
}
