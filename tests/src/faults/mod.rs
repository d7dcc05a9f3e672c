//! Faults between a client and a service of Google Cloud, injected on purpose.
//!
//! [`Faults`] is a proxy in front of an emulator, for REST and gRPC on one port. It counts calls and
//! answers chosen ones itself, as the real service would when it is throttled or down.

mod fault;
mod plan;
mod proxy;

use std::{sync::Arc, time::Duration};

use convergence::google::{Identity, Waits};

use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

pub use self::fault::Fault;
use self::{plan::Plan, proxy::Upstream};

/// Whoever waits for milliseconds between attempts, so that a call that fails each time is soon given
/// up.
#[must_use]
pub fn hurried() -> Identity {
    let (first, longest) = (Duration::from_millis(1), Duration::from_secs(1));
    Identity::default().with_waits(Waits { first, longest })
}

/// A proxy that fails when it is told to.
///
/// Every call of an operation in turn, as `n` grows until the operation makes fewer calls:
///
/// ```ignore
/// faults.nth("", n, Fault::UNAVAILABLE);
/// let outcome = operation().await;
/// if faults.injected() == 0 { break }
/// ```
#[derive(Debug)]
pub struct Faults {
    host: String,
    plan: Arc<Plan>,
    _proxy: AbortOnDropHandle<()>,
}

impl Faults {
    /// A proxy before one `host:port`.
    ///
    /// # Panics
    ///
    /// Where no port can be had.
    pub async fn before(host: &str) -> Self {
        Self::before_both(host, host).await
    }

    /// A proxy before a REST API and a gRPC one, which have ports of their own.
    ///
    /// # Panics
    ///
    /// Where no port can be had.
    pub async fn before_both(rest: &str, grpc: &str) -> Self {
        let bound = TcpListener::bind("127.0.0.1:0").await;
        let bound = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = match bound {
            Ok(bound) => bound,
            Err(error) => panic!("no port for a proxy: {error}"),
        };
        let plan = Arc::new(Plan::default());
        let upstream = Arc::new(Upstream::new(rest, grpc, plan.clone()));
        let proxy = AbortOnDropHandle::new(tokio::spawn(upstream.serve(listener)));
        Self { host: address.to_string(), plan, _proxy: proxy }
    }

    /// The proxy's `127.0.0.1:port`, to be used instead of the emulator's.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Lets the `n`-th call from now on fail, counted from 0, of those whose name contains `call`.
    /// Names are `POST /bigquery/v2/projects/…` and `POST /google.firestore.v1.Firestore/Commit`.
    pub fn nth(&self, call: &str, n: usize, fault: Fault) {
        self.plan.add(call, n, Some(1), fault);
    }

    /// Lets every such call fail from now on.
    pub fn always(&self, call: &str, fault: Fault) {
        self.plan.add(call, 0, None, fault);
    }

    /// Forgets calls, faults that are still to come, and the count of those that came.
    pub fn clear(&self) {
        self.plan.clear();
    }

    /// The names of all calls since the start or the last [`clear`](Self::clear), in order.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        self.plan.calls()
    }

    /// How many faults came.
    #[must_use]
    pub fn injected(&self) -> usize {
        self.plan.injected()
    }
}
