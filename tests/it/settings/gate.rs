//! What a hardened process needs.

use super::{problems, read};

const LONG: &str = "0123456789abcdef0123456789abcdef";

/// Everything that a hardened function needs.
const GOOD: [(&str, &str); 9] = [
    ("ENVIRONMENT", "production"),
    ("RATE_LIMIT_ENABLED", "true"),
    ("WAREHOUSE_URL", "bigquery://project?location=US"),
    ("STORE_URL", "firestore://project/database"),
    ("QUEUE_URL", "pubsub://project/topic"),
    ("KMS_URL", "gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k"),
    ("FILES_URL", "gs://bucket"),
    ("HASH_KEY", LONG),
    ("CA_ROOT_API_KEY", LONG),
];

fn but(name: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    GOOD.iter().map(|&(at, is)| (at, if at == name { value } else { is })).collect()
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let found = problems(
        "onboard",
        &[
            ("K_SERVICE", "onboard"),
            ("DISABLE_AUTH", "true"),
            ("PORT", "eighty"),
            ("CA_ROOT_API_KEY", "short"),
            ("HASH_KEY", "1:short"),
            ("RATE_LIMIT_BURST", "0"),
            ("CORS_ORIGINS", "*"),
            ("LOG_FORMAT", "xml"),
            ("OIDC_PUSH_EMAIL", "push@project.iam.gserviceaccount.com"),
            ("CONFIG_DIR", "/does/not/exist"),
        ],
    );
    insta::assert_snapshot!(found, @r"
    the settings are not good:
      - PORT: `eighty`: invalid digit found in string
      - CORS_ORIGINS: `*` is not like `https://host`
      - CA_ROOT_API_KEY: it has to have at least 32 characters
      - HASH_KEY: the secret of item 1 needs 32 characters
      - OIDC_AUDIENCE: has to be set where a service account is named
      - RATE_LIMIT_BURST: it has to be at least 1
      - LOG_FORMAT: `xml`: it is `json` or `pretty`
      - CONFIG_DIR: it is not a folder
      - DISABLE_AUTH: there is no unauthenticated mode; unset it
      - ENVIRONMENT: has to be `production` or `staging` on Cloud Run or with a cloud backend
      - RATE_LIMIT_ENABLED: has to be `true` here
      - WAREHOUSE_URL: `duckdb:./data/convergence.duckdb` is embedded or an emulator; a real one is needed here
      - STORE_URL: `sqlite:./data/store.db` is embedded or an emulator; a real one is needed here
      - QUEUE_URL: `local:` is embedded or an emulator; a real one is needed here
      - KMS_URL: `file:./data/kms.key` is embedded or an emulator; a real one is needed here
      - FILES_URL: `file:./data/files` is embedded or an emulator; a real one is needed here
    ");
}

#[test]
fn a_production_with_everything_starts() {
    for environment in ["production", "staging"] {
        let settings = read("onboard", &but("ENVIRONMENT", environment)).expect("all is there");
        assert!(settings.environment.hardened && !settings.auth.make_missing);
    }
}

#[test]
fn each_reason_alone_hardens() {
    for reason in [
        ("ENVIRONMENT", "production"),
        ("ENVIRONMENT", "staging"),
        ("K_SERVICE", "costs"),
        ("CLOUD_RUN_JOB", "import"),
        ("WAREHOUSE_URL", "bigquery://project"),
        ("STORE_URL", "firestore://project/database"),
        ("QUEUE_URL", "pubsub://project/topic"),
        ("KMS_URL", "gcpkms://projects/p"),
        ("FILES_URL", "gs://bucket"),
    ] {
        let found = problems("costs", &[reason]);
        assert!(found.contains("RATE_LIMIT_ENABLED"), "{reason:?}: {found}");
    }
}

#[test]
fn an_emulator_hardens_nothing_and_is_no_real_backend() {
    let emulated =
        [("STORE_URL", "firestore://p/d"), ("FIRESTORE_EMULATOR_HOST", "127.0.0.1:8088")];
    assert!(!read("costs", &emulated).expect("development").environment.hardened);
    let mut production = GOOD.to_vec();
    production.push(("FIRESTORE_EMULATOR_HOST", "127.0.0.1:8088"));
    let found = problems("costs", &production);
    assert!(found.contains("STORE_URL") && !found.contains("WAREHOUSE_URL"), "{found}");
}

#[test]
fn each_thing_that_is_missing_is_refused() {
    for (name, value) in [
        ("ENVIRONMENT", "development"),
        ("ENVIRONMENT", "prod"),
        ("RATE_LIMIT_ENABLED", "false"),
        ("RATE_LIMIT_ENABLED", ""),
        ("WAREHOUSE_URL", ""),
        ("STORE_URL", "sqlite:./data/store.db"),
        ("QUEUE_URL", "local:"),
        ("KMS_URL", "file:./data/kms.key"),
        ("FILES_URL", "file:./data/files"),
        ("HASH_KEY", ""),
        ("CA_ROOT_API_KEY", ""),
        ("CA_ROOT_API_KEY", "0123456789abcdef0123456789abcde"),
    ] {
        let found = problems("onboard", &but(name, value));
        assert_eq!(found.matches("\n  - ").count(), 1, "{name}={value}: {found}");
        assert!(found.contains(name), "{found}");
    }
}

#[test]
fn a_function_without_root_routes_needs_and_gets_no_root_key() {
    let without = read("costs", &but("CA_ROOT_API_KEY", "")).expect("none is needed");
    let with = read("costs", &GOOD).expect("all is there");
    assert!(without.auth.root_key.is_none() && with.auth.root_key.is_none());
}

#[test]
fn authentication_cannot_be_disabled_anywhere() {
    for environment in ["development", "staging", "production"] {
        let mut settings = but("ENVIRONMENT", environment);
        settings.push(("DISABLE_AUTH", "true"));
        assert!(problems("onboard", &settings).contains("DISABLE_AUTH"));
    }
    assert!(read("onboard", &[("DISABLE_AUTH", "false")]).is_ok());
    assert!(problems("onboard", &[("DISABLE_AUTH", "yes")]).contains("DISABLE_AUTH"));
}

/// Elsewhere a token without signature proves nothing.
#[test]
fn signatures_are_left_to_cloud_run_on_cloud_run_only() {
    let removed = ("OIDC_SIGNATURE", "removed-by-cloud-run");
    let oidc = ("OIDC_AUDIENCE", "https://worker.example.com");
    assert!(problems("run-pipeline", &[removed, oidc]).contains("OIDC_SIGNATURE"));
    let mut there = GOOD.to_vec();
    there.extend([removed, oidc, ("K_SERVICE", "run-pipeline-worker")]);
    let settings = read("run-pipeline", &there).expect("all is there");
    let signature = settings.auth.oidc.expect("an issuer").signature;
    assert_eq!(signature, convergence::settings::Signature::RemovedByCloudRun);
    assert!(problems("costs", &[("OIDC_SIGNATURE", "none")]).contains("OIDC_SIGNATURE"));
}
