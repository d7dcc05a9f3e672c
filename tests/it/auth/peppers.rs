//! What keys are hashed with, and how that changes.

use convergence::{auth::Peppers, entities::KeyScope};
use integration_tests::{As, Options, TestApp};
use std::collections::BTreeMap;

use super::world::{app, key};

const OLD: &str = "1:00000000000000000000000000000000";
const BOTH: &str = "1:00000000000000000000000000000000, 2:22222222222222222222222222222222";
const NEW: &str = "2:22222222222222222222222222222222";

#[test]
fn what_is_wrong_is_said_without_the_secret() {
    for (text, message) in [
        ("", "the secret of item 1 needs 32 characters"),
        ("short", "the secret of item 1 needs 32 characters"),
        (
            "x:00000000000000000000000000000000",
            "item 1 is not `{version}:{secret}` with a whole number",
        ),
        (&format!("{OLD},1:{}", "z".repeat(32)), "version 1 stands there twice"),
        (&format!("{OLD},2:short"), "the secret of item 2 needs 32 characters"),
    ] {
        assert_eq!(Peppers::parse(text).expect_err("it is wrong"), message);
    }
}

#[test]
fn a_hash_is_the_hmac_that_everybody_knows() {
    // RFC 4231 has no key of 32 characters or more that is text, so this was computed with openssl:
    // printf acme | openssl dgst -sha256 -hmac 00000000000000000000000000000000
    let peppers = Peppers::parse(OLD).expect("peppers");
    insta::assert_snapshot!(peppers.id("acme"), @"1.fd3d8edba869d1de08e1f43fef0464be7b8f50c48fbef3cdf17e7a160372caeb");
}

#[test]
fn the_newest_pepper_hashes_new_keys_and_all_verify() {
    let (old, both) = (Peppers::parse(OLD).expect("one"), Peppers::parse(BOTH).expect("two"));
    let ids: Vec<_> = both.ids("a key").collect();
    assert_eq!(ids[0], Peppers::parse(NEW).expect("one").id("a key"));
    assert_eq!(ids[1], old.id("a key"));
    assert_eq!(format!("{both:?}"), "Peppers { versions: [1, 2], .. }");
}

/// The store of one app, seen through another with other peppers.
async fn with_peppers(first: &TestApp, peppers: &str) -> TestApp {
    let store = first.state.store.clone();
    TestApp::with(Options {
        settings: BTreeMap::from([("HASH_KEY".to_owned(), peppers.to_owned())]),
        wrap_store: Some(Box::new(|_| store)),
        routes: super::world::routes(),
        ..Options::default()
    })
    .await
}

#[tokio::test]
async fn keys_outlive_a_new_pepper_and_end_with_theirs() {
    let before = app(&[("HASH_KEY", OLD)]).await;
    let caller = As::Key(key(&before, "acme", &KeyScope::ALL).await.expose().to_owned());
    for (peppers, expected) in [(OLD, 200), (BOTH, 200), (NEW, 401)] {
        let app = with_peppers(&before, peppers).await;
        let answer = app.get(caller.clone(), "/test/costs/acme").send().await;
        assert_eq!(answer.status, expected, "{peppers}");
    }
}
