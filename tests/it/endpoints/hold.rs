//! Every case holds: who has no credentials or wrong ones, who is of another organization, who
//! lacks the scope, and who may.

use convergence::{auth::oidc::Purpose, entities::KeyScope};
use integration_tests::{Answer, As, TestApp};

use super::{
    cases::{Who, who},
    walk::{Endpoint, endpoints},
};
use crate::auth::world;

const NO_ORGANIZATION: &str = "there is no such organization";

/// The credentials of everybody who might call.
struct Callers {
    app: TestApp,
    /// All scopes, in the organization that is called.
    own: As,
    /// All scopes, in another organization.
    other: As,
}

impl Callers {
    async fn new() -> Self {
        let app = world::app(&[]).await;
        let own = As::Key(world::key(&app, "Acme", &KeyScope::ALL).await.expose().to_owned());
        let other = As::Key(world::key(&app, "globex", &KeyScope::ALL).await.expose().to_owned());
        Self { app, own, other }
    }

    fn token(&self, purpose: Purpose) -> As {
        As::Bearer(self.app.token(purpose))
    }

    async fn key(&self, scopes: &[KeyScope]) -> As {
        As::Key(world::key(&self.app, "Acme", scopes).await.expose().to_owned())
    }

    async fn refuses(&self, endpoint: &Endpoint, caller: &As, status: u16) {
        let answer = endpoint.call(&self.app, caller.clone(), "acme").await;
        let named = format!("{} {} as {caller:?}", endpoint.method, endpoint.path);
        assert_eq!(answer.status, status, "{named}: {}", answer.text());
        assert_eq!(answer.refusal().0, status, "{named}");
    }

    async fn lets_in(&self, endpoint: &Endpoint, caller: As) {
        let answer: Answer = endpoint.call(&self.app, caller.clone(), "acme").await;
        let named = format!("{} {} as {caller:?}", endpoint.method, endpoint.path);
        assert!(![401, 403, 405].contains(&answer.status.as_u16()), "{named}: {}", answer.text());
        assert!(!answer.text().contains(NO_ORGANIZATION), "{named}");
    }
}

/// Everybody whom no endpoint knows.
fn strangers() -> Vec<As> {
    vec![
        As::Nobody,
        As::Key("acme_api_0123456789abcdef".to_owned()),
        As::Key(TestApp::ROOT_KEY.to_owned()),
        As::Bearer("no.token.atall".to_owned()),
    ]
}

#[tokio::test]
async fn strangers_get_in_nowhere_but_where_anyone_may() {
    let callers = Callers::new().await;
    for endpoint in endpoints(local::router()) {
        for stranger in strangers() {
            match who(&endpoint.method, &endpoint.path) {
                Some(Who::Anyone) => callers.lets_in(&endpoint, stranger).await,
                _ => callers.refuses(&endpoint, &stranger, 401).await,
            }
        }
    }
}

#[tokio::test]
async fn routes_of_the_deployment_know_their_own_callers_only() {
    let callers = Callers::new().await;
    let (push, schedule) = (callers.token(Purpose::Push), callers.token(Purpose::Schedule));
    for endpoint in endpoints(local::router()) {
        let (may, may_not) = match who(&endpoint.method, &endpoint.path) {
            Some(Who::Root) => (vec![As::Root], vec![&push, &schedule, &callers.own]),
            Some(Who::Push) => (vec![push.clone()], vec![&As::Root, &schedule, &callers.own]),
            Some(Who::RootOrScheduler) => {
                (vec![As::Root, schedule.clone()], vec![&push, &callers.own])
            }
            _ => continue,
        };
        for caller in may_not {
            callers.refuses(&endpoint, caller, 401).await;
        }
        for caller in may {
            callers.lets_in(&endpoint, caller).await;
        }
    }
}

#[tokio::test]
async fn routes_of_an_organization_know_their_own_keys_with_the_scope_only() {
    let callers = Callers::new().await;
    for endpoint in endpoints(local::router()) {
        let scopes = match who(&endpoint.method, &endpoint.path) {
            Some(Who::Key(scopes)) => scopes,
            Some(Who::Owner) => &[],
            _ => continue,
        };
        let rest: Vec<_> =
            KeyScope::ALL.into_iter().filter(|scope| !scopes.contains(scope)).collect();
        callers.refuses(&endpoint, &callers.key(&rest).await, 403).await;
        callers.refuses(&endpoint, &callers.other, 404).await;
        for token in [Purpose::Push, Purpose::Schedule] {
            callers.refuses(&endpoint, &callers.token(token), 401).await;
        }
        for scope in scopes {
            callers.lets_in(&endpoint, callers.key(&[*scope]).await).await;
        }
        callers.lets_in(&endpoint, As::Root).await;
    }
}
