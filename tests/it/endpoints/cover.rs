//! The table of cases covers the document.

use std::collections::BTreeSet;

use convergence::{settings::serves_root, state::AppState};
use utoipa_axum::router::OpenApiRouter;

use super::{
    cases::{CASES, Who, who},
    walk::endpoints,
};

#[test]
fn every_endpoint_has_a_case() {
    let missing: Vec<String> = endpoints(local::router())
        .iter()
        .filter(|endpoint| who(&endpoint.method, &endpoint.path).is_none())
        .map(|endpoint| format!("{} {}", endpoint.method, endpoint.path))
        .collect();
    assert!(missing.is_empty(), "no authorization case in cases.rs for {missing:#?}");
}

#[test]
fn every_case_has_an_endpoint() {
    let there = endpoints(local::router());
    let stale: Vec<_> = CASES
        .iter()
        .filter(|(method, path, _)| {
            !there.iter().any(|it| it.method == *method && it.path == *path)
        })
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert!(stale.is_empty(), "cases.rs has cases of endpoints that are gone: {stale:#?}");
}

#[test]
fn no_endpoint_has_two_cases() {
    let known: BTreeSet<_> = CASES.iter().map(|(method, path, _)| (method, path)).collect();
    assert_eq!(known.len(), CASES.len());
}

#[test]
fn the_document_asks_for_the_credentials_of_the_case() {
    for endpoint in endpoints(local::router()) {
        let Some(who) = who(&endpoint.method, &endpoint.path) else { continue };
        let expected: &[&str] = match who {
            Who::Anyone => &[],
            Who::Root => &["root_key"],
            Who::Push => &["oidc"],
            Who::RootOrScheduler => &["oidc", "root_key"],
            Who::Owner | Who::Key(_) => &["api_key", "root_key"],
        };
        let named = format!("{} {}", endpoint.method, endpoint.path);
        assert_eq!(endpoint.credentials, expected, "{named}: its `security(…)`");
    }
}

#[test]
fn the_functions_with_routes_of_the_root_key_and_only_they_get_it() {
    let functions: [(&str, OpenApiRouter<AppState>); 6] = [
        ("bootstrap", bootstrap::router()),
        ("costs", costs::router()),
        ("integrations", integrations::router()),
        ("onboard", onboard::router()),
        ("run-pipeline", run_pipeline::router()),
        ("scheduler", scheduler::router()),
    ];
    for (name, router) in functions {
        let serves = endpoints(router).iter().any(|endpoint| {
            matches!(
                who(&endpoint.method, &endpoint.path),
                Some(Who::Root | Who::RootOrScheduler | Who::Owner)
            )
        });
        assert_eq!(serves, serves_root(name), "{name}");
    }
}
