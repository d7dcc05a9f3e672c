//! The table of services against the routers, the settings and the API.

use std::collections::{BTreeMap, BTreeSet};

use convergence::settings::{serves_root, uses_files};
use serde_json::Value;

use super::{services, text, texts};

/// What a router asks for: the names in its `FromRef` bounds.
fn bounds(function: &str) -> BTreeSet<String> {
    let source = text(&format!("functions/{function}/src/lib.rs"));
    let bounds = source.lines().filter_map(|line| line.trim().strip_suffix(": FromRef<S>,"));
    bounds
        .map(|bound| bound.trim_end_matches('>').rsplit(['<', ' ']).next().unwrap().to_owned())
        .collect()
}

fn capabilities() -> BTreeMap<String, Vec<String>> {
    serde_saphyr::from_str(&text("infra/capabilities.yaml")).unwrap()
}

/// The paths of the API, each with the function that has it.
fn paths() -> BTreeMap<String, String> {
    let document: Value = serde_json::from_str(&text("docs/openapi.json")).unwrap();
    let tag =
        |methods: &Value| methods.as_object().unwrap().values().next().unwrap()["tags"][0].clone();
    let paths = document["paths"].as_object().unwrap().iter();
    paths.map(|(path, methods)| (path.clone(), tag(methods).as_str().unwrap().to_owned())).collect()
}

/// As Google's load balancer matches.
fn matches(pattern: &str, path: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == path, |prefix| path.starts_with(prefix))
}

#[test]
fn each_service_is_granted_what_its_router_asks_for() {
    for (name, service) in services() {
        let needs: BTreeSet<_> = service.needs.into_iter().collect();
        assert_eq!(needs, bounds(&service.function), "{name} in infra/functions.yaml");
    }
}

#[test]
fn every_capability_has_its_permissions_and_none_is_left_over() {
    let (capabilities, services) = (capabilities(), services());
    let needed: BTreeSet<_> = services.values().flat_map(|it| &it.needs).collect();
    assert_eq!(needed, capabilities.keys().collect(), "infra/capabilities.yaml");
    for (name, service) in &services {
        let touched: Vec<_> = service.needs.iter().flat_map(|need| &capabilities[need]).collect();
        for unused in &service.unused {
            assert!(touched.contains(&unused), "{name}: {unused} is not among its permissions");
        }
    }
}

#[test]
fn every_permission_is_granted_somewhere() {
    let grants: String = texts("infra", ".tf").into_iter().map(|(_, text)| text).collect();
    let permissions: BTreeSet<_> = capabilities().into_values().flatten().collect();
    for permission in permissions {
        assert!(grants.contains(&format!("\"{permission}\"")), "{permission}");
    }
}

#[test]
fn every_function_has_a_service_and_knows_the_root_key_if_it_serves_it() {
    let services = services();
    let with_service: BTreeSet<_> = services.values().map(|it| it.function.clone()).collect();
    let functions = std::fs::read_dir(super::root().join("functions")).unwrap();
    let functions = functions.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(with_service, functions.filter(|name| name != "local").collect());
    for (name, service) in &services {
        let expected = serves_root(&service.function);
        assert_eq!(service.root_key, expected, "{name}");
        assert!(
            service.timeout <= 3600 && service.cpu >= 1 && service.memory.ends_with('i'),
            "{name}"
        );
    }
}

#[test]
fn a_function_asks_its_files_whether_they_are_ready_if_it_is_granted_them() {
    let capabilities = capabilities();
    for (name, service) in services() {
        let granted = service.needs.iter().flat_map(|need| &capabilities[need]);
        let granted = granted.into_iter().any(|it| it == "files.use");
        assert_eq!(granted, uses_files(&service.function), "{name}");
    }
}

#[test]
fn every_public_path_of_the_api_reaches_its_function_and_no_internal_one_does() {
    let services = services();
    for (path, function) in paths() {
        let reached: Vec<_> = services
            .values()
            .filter(|it| it.paths.iter().any(|pattern| matches(pattern, &path)))
            .map(|it| (it.function.as_str(), it.caller.as_str()))
            .collect();
        if path.starts_with("/api/") {
            assert_eq!(reached, [(function.as_str(), "internet")], "{path}");
        } else {
            assert!(reached.is_empty(), "{path}: {reached:?}");
        }
    }
}

#[test]
fn whatever_google_calls_by_itself_is_a_route() {
    let paths = paths();
    let mut called = 0;
    for (file, text) in texts("infra", ".tf") {
        for quoted in text.split('"').skip(1).step_by(2) {
            if let Some(at) = quoted.find("/internal/") {
                assert!(paths.contains_key(&quoted[at..]), "{file}: {quoted}");
                called += 1;
            }
        }
    }
    assert!(called >= 3, "the sweep, the push and Eventarc, at least");
}
