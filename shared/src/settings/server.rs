//! How a process listens and answers.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use http::HeaderValue;

use super::{environment::Environment, source::Source, table::Setting};
use crate::org::Env;

pub(super) const TABLE: &[Setting] = &[
    Setting::new("PORT", "8080", "Where a function alone listens"),
    Setting::new("HOST", "127.0.0.1; 0.0.0.0 where hardened", "The address it listens on"),
    Setting::new(
        "REQUEST_TIMEOUT_SECONDS",
        "30",
        "How long a route may take, unless it has its own limit",
    ),
    Setting::new(
        "CORS_ORIGINS",
        "",
        "Origins, separated by commas, whose pages may call; none unless set",
    ),
    Setting::new(
        "TRUSTED_PROXIES",
        "0; 1 on Cloud Run",
        "How many proxies before us append to `X-Forwarded-For`",
    ),
];

/// How a process listens and answers.
#[derive(Debug, Clone)]
pub struct Server {
    /// Where a function alone listens.
    pub port: u16,
    /// The address it listens on.
    pub host: IpAddr,
    /// How long a route may take, unless it has its own limit.
    pub timeout: Duration,
    /// Whose pages may call.
    pub cors_origins: Vec<HeaderValue>,
    /// How many proxies before us append to `X-Forwarded-For`.
    pub trusted_proxies: usize,
    /// Whether browsers are told to come back over HTTPS only.
    pub hsts: bool,
}

impl Server {
    pub(super) fn read(source: &mut Source<'_>, environment: &Environment) -> Self {
        let host = if environment.hardened { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        Self {
            port: source.value("PORT", 8080),
            host: source.value("HOST", IpAddr::V4(host)),
            timeout: Duration::from_secs(source.count("REQUEST_TIMEOUT_SECONDS", 30).into()),
            cors_origins: origins(source),
            trusted_proxies: source
                .value("TRUSTED_PROXIES", environment.cloud_run.is_there().into()),
            hsts: environment.env == Env::Prod,
        }
    }
}

fn origins(source: &mut Source<'_>) -> Vec<HeaderValue> {
    let mut origins = Vec::new();
    for item in source.items("CORS_ORIGINS") {
        match HeaderValue::from_str(item) {
            Ok(origin) if is_origin(item) => origins.push(origin),
            _ => source.problem("CORS_ORIGINS", &format!("`{item}` is not like `https://host`")),
        }
    }
    origins
}

/// A scheme and a host, and maybe a port: no path, no `*`.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', '?', '#', '@']))
}
