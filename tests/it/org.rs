//! Slugs: what is one, what is not, and that case makes no difference.

use convergence::org::{Env, OrgSlug, RESERVED};
use proptest::prelude::*;

#[test]
fn reserved_words_are_refused_in_any_case_and_longer_words_are_not() {
    for word in RESERVED {
        OrgSlug::parse(word).unwrap_err();
        OrgSlug::parse(&word.to_uppercase()).unwrap_err();
        OrgSlug::parse(&format!("{word}way")).unwrap();
    }
}

#[test]
fn what_cannot_name_a_dataset_is_refused() {
    for text in ["", "ab", "_abc", "a-b-c", "../abc", "a b c", "Müller", "abc\n", &"a".repeat(51)]
    {
        OrgSlug::parse(text).unwrap_err();
    }
}

proptest! {
    #[test]
    fn twins_in_case_are_the_same_organization(text in "[a-zA-Z0-9][a-zA-Z0-9_]{2,49}") {
        prop_assume!(!RESERVED.contains(&text.to_lowercase().as_str()));
        let (a, b) = (OrgSlug::parse(&text).unwrap(), OrgSlug::parse(&text.to_uppercase()).unwrap());
        prop_assert_eq!(&a, &b);
        prop_assert_eq!(a.dataset(Env::Local), b.dataset(Env::Local));
        prop_assert_eq!(a.dataset(Env::Prod), format!("{}_prod", text.to_lowercase()));
    }
}
