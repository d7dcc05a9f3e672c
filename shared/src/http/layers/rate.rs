//! How often a caller may ask: one token bucket per credential, and per address where there is none.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::AUTHORIZATION};
use sha2::{Digest as _, Sha256};

use crate::{
    Error,
    auth::{API_KEY, ROOT_KEY},
    http::RequestMeta,
    settings::RateLimit,
};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
/// Full buckets are forgotten each time so many requests have come.
const SWEEP: u32 = 4096;

/// Whose bucket: a hash of a credential, or of an address.
type Caller = [u8; 32];
type Buckets =
    RateLimiter<Caller, DashMapStateStore<Caller>, DefaultClock, StateInformationMiddleware>;

/// Every caller's bucket.
pub(crate) struct Rate {
    buckets: Buckets,
    quota: Quota,
    requests: AtomicU32,
}

/// What a bucket says: its state, and when to come back if it is empty.
struct Verdict {
    remaining: u32,
    wait: Option<Duration>,
}

impl Rate {
    pub(crate) fn new(limit: RateLimit) -> Self {
        let count = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(count(limit.per_second)).allow_burst(count(limit.burst));
        let buckets = RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>();
        Self { buckets, quota, requests: AtomicU32::new(0) }
    }

    fn take(&self, caller: &Caller) -> Verdict {
        if self.requests.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.buckets.retain_recent();
            self.buckets.shrink_to_fit();
        }
        match self.buckets.check_key(caller) {
            Ok(state) => Verdict { remaining: state.remaining_burst_capacity(), wait: None },
            Err(empty) => {
                let wait = empty.wait_time_from(DefaultClock::default().now());
                Verdict { remaining: 0, wait: Some(wait) }
            }
        }
    }

    fn describe(&self, verdict: &Verdict, headers: &mut HeaderMap) {
        let burst = self.quota.burst_size().get();
        let missing = burst.saturating_sub(verdict.remaining);
        let full = self.quota.replenish_interval() * missing;
        headers.insert(LIMIT, burst.into());
        headers.insert(REMAINING, verdict.remaining.into());
        headers.insert(RESET, HeaderValue::from(seconds(full)));
    }
}

/// Answers 429 to a caller whose bucket is empty.
///
/// Wrong credentials are free to make up, so each that was refused also takes from the bucket of
/// its address: who guesses is slowed down, whatever is guessed.
pub(crate) async fn limit(State(rate): State<Arc<Rate>>, request: Request, next: Next) -> Response {
    let address = address(&request);
    let credential = credential(request.headers());
    let mut verdict = rate.take(&credential.unwrap_or(address));
    let mut response = match verdict.wait {
        Some(wait) => too_many(wait),
        None => next.run(request).await,
    };
    if credential.is_some() && response.status() == StatusCode::UNAUTHORIZED {
        verdict = rate.take(&address);
        if let Some(wait) = verdict.wait {
            response = too_many(wait);
        }
    }
    rate.describe(&verdict, response.headers_mut());
    response
}

fn too_many(wait: Duration) -> Response {
    let retry_after = Duration::from_secs(seconds(wait).max(1));
    let message = format!("too many requests; wait {} s", retry_after.as_secs());
    Error::TooMany { message, retry_after }.into_response()
}

fn credential(headers: &HeaderMap) -> Option<Caller> {
    let names = [ROOT_KEY, API_KEY, AUTHORIZATION.as_str()];
    let value = names.iter().find_map(|name| headers.get(*name))?;
    Some(Sha256::digest(value.as_bytes()).into())
}

fn address(request: &Request) -> Caller {
    let meta = request.extensions().get::<RequestMeta>();
    let address = meta.and_then(|meta| meta.address.as_deref()).unwrap_or_default();
    Sha256::digest(address.as_bytes()).into()
}

/// Rounded up: who comes back after so many seconds does not come too early.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
