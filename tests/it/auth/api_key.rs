//! The text of a key.

use std::sync::Arc;

use convergence::{
    auth::{Peppers, api_key::KeyText},
    clock::SystemClock,
    ids::RandomIds,
    org::OrgSlug,
};
use proptest::prelude::*;

fn ids() -> RandomIds {
    RandomIds::new(Arc::new(SystemClock))
}

fn make(org: &str) -> KeyText {
    KeyText::generate(&OrgSlug::parse(org).expect("a slug"), &ids())
}

#[test]
fn a_key_names_its_organization_and_is_never_printed() {
    let key = make("acme_api_co");
    let text = key.expose();
    let secret = text.strip_prefix("acme_api_co_api_").expect("the form");
    assert_eq!(secret.len(), 38);
    assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert_eq!(key.fingerprint(), format!("acme…{}", &text[text.len() - 4..]));
    assert!(!format!("{key:?}").contains(&secret[..30]));
}

#[test]
fn no_two_keys_are_alike() {
    let keys: std::collections::BTreeSet<_> =
        (0..100).map(|_| make("acme").expose().to_owned()).collect();
    assert_eq!(keys.len(), 100);
}

#[test]
fn the_shortest_secret_is_sixteen_characters() {
    assert!(KeyText::parse("acme_api_0123456789").is_none());
    let long = format!("acme_api_{}", "a".repeat(200));
    assert!(KeyText::parse(&long).is_none());
}

proptest! {
    #[test]
    fn every_key_that_is_made_is_read(org in "[a-zA-Z0-9][a-zA-Z0-9_]{2,49}") {
        prop_assume!(OrgSlug::parse(&org).is_ok());
        let key = make(&org);
        let read = KeyText::parse(key.expose()).expect("it is a key");
        prop_assert_eq!(read.expose(), key.expose());
    }

    #[test]
    fn one_wrong_character_is_seen(at in 0_usize..38, new in "[0-9A-Za-z]") {
        let mut text = make("acme").expose().to_owned();
        let at = "acme_api_".len() + at;
        prop_assume!(text[at..=at] != new);
        text.replace_range(at..=at, &new);
        prop_assert!(KeyText::parse(&text).is_none());
    }

    #[test]
    fn no_text_is_too_strange_to_refuse(text in "\\PC{0,80}") {
        prop_assert!(KeyText::parse(&text).is_none());
    }

    #[test]
    fn a_document_has_one_name_per_pepper(secret in "[0-9a-f]{32}") {
        let key = make("acme");
        let peppers = Peppers::parse(&format!("1:{secret},7:{secret}x")).expect("peppers");
        let names: Vec<_> = key.documents(&peppers).map(|key| key.id).collect();
        prop_assert_eq!(names.len(), 2);
        prop_assert!(names[0].starts_with("7.") && names[1].starts_with("1."));
        prop_assert_eq!(&names[0], &key.document(&peppers).id);
    }
}
