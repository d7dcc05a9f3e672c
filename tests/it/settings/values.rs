//! What settings mean.

use std::{net::Ipv4Addr, path::Path, time::Duration};

use convergence::{
    org::Env,
    settings::{LogFormat, RateLimit},
};

use super::{problems, read};

#[test]
fn nothing_has_to_be_set_in_development() {
    let settings = read("onboard", &[]).expect("defaults are enough");
    assert_eq!(settings.environment.env, Env::Local);
    assert_eq!(settings.server.port, 8080);
    assert_eq!(settings.server.host, Ipv4Addr::LOCALHOST);
    assert_eq!(settings.server.timeout, Duration::from_secs(30));
    assert_eq!(settings.server.trusted_proxies, 0);
    assert_eq!(settings.limits.rate, Some(RateLimit { per_second: 50, burst: 200 }));
    assert_eq!(settings.logging.format, LogFormat::Pretty);
    let urls: Vec<_> = settings.backends.all().map(ToString::to_string).collect();
    insta::assert_debug_snapshot!(urls, @r#"
    [
        "duckdb:./data/convergence.duckdb",
        "sqlite:./data/store.db",
        "local:",
        "file:./data/kms.key",
        "file:./data/files",
    ]
    "#);
}

#[test]
fn embedded_files_follow_the_data_folder() {
    let settings = read("costs", &[("DATA_DIR", "/srv/data")]).expect("good");
    assert_eq!(settings.backends.store.path(), Path::new("/srv/data/store.db"));
    let settings = read("costs", &[("STORE_URL", "sqlite:///srv/s.db")]).expect("good");
    assert_eq!(settings.backends.store.path(), Path::new("/srv/s.db"));
}

#[test]
fn an_empty_setting_is_not_set() {
    let settings = read("costs", &[("PORT", ""), ("HASH_KEY", " ")]).expect("good");
    assert_eq!(settings.server.port, 8080);
    assert!(settings.auth.peppers.is_none());
}

#[test]
fn cloud_run_has_a_proxy_before_us() {
    let found = problems("costs", &[("K_SERVICE", "costs"), ("TRUSTED_PROXIES", "-1")]);
    assert!(found.contains("TRUSTED_PROXIES"));
}

#[test]
fn origins_are_origins() {
    let good = [("CORS_ORIGINS", "https://console.example.com, http://localhost:3000")];
    assert_eq!(read("costs", &good).expect("good").server.cors_origins.len(), 2);
    for bad in ["*", "console.example.com", "https://", "https://a/b", "https://*.example.com"] {
        assert!(problems("costs", &[("CORS_ORIGINS", bad)]).contains("CORS_ORIGINS"), "{bad}");
    }
}

#[test]
fn secrets_are_not_printed() {
    let secret = "very secret and long enough for both";
    let settings = [("CA_ROOT_API_KEY", secret), ("HASH_KEY", secret)];
    let printed = format!("{:?}", read("onboard", &settings).expect("good"));
    assert!(!printed.contains("very secret"), "{printed}");
    for name in ["CA_ROOT_API_KEY", "HASH_KEY"] {
        assert!(!problems("onboard", &[(name, "hunter2")]).contains("hunter2"));
    }
}

#[test]
fn a_scheduler_is_named_with_its_audience() {
    let email = ("OIDC_SCHEDULER_EMAIL", "s@p.iam.gserviceaccount.com");
    assert!(problems("scheduler", &[email]).contains("OIDC_AUDIENCE"));
    let both = [email, ("OIDC_AUDIENCE", "https://scheduler.example.com")];
    let oidc = read("scheduler", &both).expect("good").auth.oidc.expect("it is set");
    assert_eq!(oidc.issuer, "https://accounts.google.com");
    assert_eq!(oidc.schedule.as_deref(), Some("s@p.iam.gserviceaccount.com"));
}

#[test]
fn a_delivery_is_bounded_by_what_pubsub_waits() {
    let work = |pairs: &[_]| read("run-pipeline", pairs).expect("good").work;
    assert_eq!(work(&[]).timeout, Duration::from_mins(10));
    assert_eq!(work(&[("DELIVERY_TIMEOUT_SECONDS", "300")]).timeout, Duration::from_mins(5));
    for bad in ["601", "0", "ten"] {
        let found = problems("run-pipeline", &[("DELIVERY_TIMEOUT_SECONDS", bad)]);
        assert!(found.contains("DELIVERY_TIMEOUT_SECONDS"), "{found}");
    }
}

#[test]
fn a_job_for_large_imports_is_named_whole() {
    let name = "projects/p/locations/europe-west1/jobs/run-import";
    let settings = read("run-pipeline", &[("IMPORT_JOB", name)]).expect("good");
    let job = settings.work.job.expect("a job");
    assert_eq!((job.name.as_str(), job.min_bytes), (name, 256 * 1024 * 1024));
    assert!(read("run-pipeline", &[]).expect("good").work.job.is_none());
    for bad in ["run-import", "projects/p/jobs/j", "projects/p/locations//jobs/j"] {
        assert!(problems("run-pipeline", &[("IMPORT_JOB", bad)]).contains("IMPORT_JOB"), "{bad}");
    }
}
