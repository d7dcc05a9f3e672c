//! The registry of providers: it lists only what works, and forms are checked before anything is asked.

use convergence::{
    configs::Configs,
    providers::{
        Check, Fields, Form, InputPrefix, Outcome, PROVIDERS, Providers, Question, Reach,
        is_source_name,
    },
};
use proptest::prelude::*;

const REGISTRY: &str = "\
- id: acme
  name: Acme
  description: Bills of Acme.
  domains: [cost]
  pipelines: [acme/cost/billing]
  check: input_prefix
  fields:
    - { name: input_prefix, label: Folder, description: Where., form: input_prefix, required: true, secret: false, example: 'file:///srv/' }
    - { name: token, label: Token, description: Secret., form: text, required: false, secret: true, example: abc }
";

fn configs(registry: &str) -> Configs {
    let pipeline = ("acme/cost/billing.yml".to_owned(), "steps: []".to_owned());
    Configs::of([(PROVIDERS.to_owned(), registry.to_owned()), pipeline])
}

/// What the check of a folder says.
async fn asked(fields: &Fields) -> Outcome {
    let (org, reach) = ("acme".parse().unwrap(), Reach::default());
    let question = Question { org: &org, provider: "acme", fields, reach: &reach };
    Check::InputPrefix.run(&question).await
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    Fields::of(pairs.iter().copied())
}

#[test]
fn the_shipped_registry_lists_only_pipelines_that_exist() {
    let providers = Providers::read(&Configs::embedded()).unwrap();
    let ids: Vec<_> = providers.all().iter().map(|provider| provider.id.as_str()).collect();
    assert_eq!(ids, ["focus", "gcp", "openai", "anthropic", "saas"]);
}

#[test]
fn every_mistake_of_a_registry_is_said() {
    let twice = REGISTRY.to_owned() + REGISTRY;
    insta::assert_debug_snapshot!(Providers::read(&configs(&twice)).unwrap_err(), @r#"
    [
        "system/providers.yml: acme: this id stands here twice",
    ]
    "#);
    let wrong = REGISTRY
        .replace("acme/cost/billing", "acme/usage/absent")
        .replace("id: acme", "id: Setup")
        .replace("file:///srv/", "/srv");
    insta::assert_debug_snapshot!(Providers::read(&configs(&wrong)).unwrap_err(), @r#"
    [
        "system/providers.yml: Setup: an id is lowercase letters, digits and _, and no folder of configs",
        "system/providers.yml: Setup: there is no pipeline acme/usage/absent",
        "system/providers.yml: Setup: the example of input_prefix: a folder is written as file:///srv/exports/",
    ]
    "#);
    let unknown = REGISTRY.replace("check: input_prefix", "check: magic");
    let mistakes = Providers::read(&configs(&unknown)).unwrap_err();
    assert!(mistakes[0].contains("magic") && mistakes[0].contains("line 6"), "{mistakes:?}");
}

#[test]
fn a_form_says_every_mistake_and_never_repeats_a_secret() {
    let providers = Providers::read(&configs(REGISTRY)).unwrap();
    let acme = providers.get("acme").unwrap();
    assert_eq!(acme.mistakes(&fields(&[("input_prefix", "file:///srv/")])), []);
    let given = fields(&[("input_prefix", "/srv"), ("token", "s3cret\u{7}"), ("colour", "red")]);
    let mistakes = acme.mistakes(&given);
    let names: Vec<_> = mistakes.iter().map(|mistake| mistake.field.as_str()).collect();
    assert_eq!(names, ["credential.colour", "credential.input_prefix", "credential.token"]);
    assert!(!format!("{mistakes:?}").contains("s3cret"));
    assert_eq!(acme.mistakes(&Fields::default()).len(), 1, "what is required is asked for");
}

#[test]
fn a_billing_account_has_three_groups_of_six() {
    let form = Form::GcpBillingAccount;
    assert_eq!(form.mistake("01ABCD-2345EF-67890A"), None);
    for text in [
        "",
        "01ABCD-2345EF",
        "01abcd-2345ef-67890a",
        "01ABCD-2345EF-67890A-1",
        "XYZ_YZ-2345EF-67890A",
    ] {
        assert!(form.mistake(text).is_some(), "{text}");
    }
}

#[test]
fn a_prefix_is_an_absolute_folder() {
    for text in [
        "",
        "/srv/",
        "file://srv/",
        "file:///srv",
        "file:///srv/../etc/",
        "file:///a//b/",
        "gs://bucket/",
    ] {
        assert!(InputPrefix::parse(text).is_err(), "{text}");
    }
    let prefix = InputPrefix::parse("file:///srv/exports/").unwrap();
    assert_eq!(prefix.folder(), std::path::Path::new("/srv/exports/"));
}

#[test]
fn fields_are_read_without_ever_being_shown() {
    let fields: Fields = serde_json::from_str(r#"{"token":"s3cret","input_prefix":"x"}"#).unwrap();
    assert_eq!(format!("{fields:?}"), r#"Fields(["input_prefix", "token"])"#);
    assert_eq!(Fields::from_bytes(&fields.to_bytes().unwrap()).unwrap(), fields);
    for wrong in [
        r#""s3cret""#,
        r#"["s3cret"]"#,
        r#"{"token":{"a":"s3cret"}}"#,
        "73551",
        r#"{"token":73551}"#,
    ] {
        let error = serde_json::from_str::<Fields>(wrong).unwrap_err().to_string();
        assert!(!error.contains("s3cret") && !error.contains("73551"), "{error}");
    }
    let error = Fields::from_bytes(b"\"s3cret\"").unwrap_err();
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_folder_is_proved_by_listing_it() {
    let folder = tempfile::tempdir().unwrap();
    let of = |path: String| fields(&[("input_prefix", &format!("file://{path}/"))]);
    let path = folder.path().to_str().unwrap().to_owned();
    assert_eq!(asked(&of(path.clone())).await, Outcome::Valid);
    let absent = asked(&of(format!("{path}/absent"))).await;
    assert_eq!(absent, Outcome::Invalid(format!("{path}/absent/ does not exist")));
    std::fs::write(folder.path().join("file"), "").unwrap();
    let file = asked(&of(format!("{path}/file"))).await;
    assert_eq!(file, Outcome::Invalid(format!("{path}/file/ is not a folder")));
}

proptest! {
    #[test]
    fn no_prefix_leaves_its_folder(rest in "[a-z./]{0,12}") {
        let text = format!("file:///srv/{rest}/");
        if InputPrefix::parse(&text).is_ok() {
            prop_assert!(!rest.split('/').any(|part| part == ".." || part == "." || part.is_empty()) || rest.is_empty());
        }
    }

    #[test]
    fn names_of_sources_fit_paths_and_ids(text in ".{0,45}") {
        let fits = is_source_name(&text);
        prop_assert_eq!(fits, !text.is_empty() && text.len() <= 40 && !text.starts_with(['_', '-'])
            && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')));
    }
}
