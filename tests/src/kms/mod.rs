//! A stand-in of Cloud KMS with real AES-GCM.
//!
//! It refuses other additional data and wrong checksums as the real one does, answers with checksums
//! of its own, and can be told to answer wrongly.

mod api;
mod ring;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use self::ring::Ring;
use crate::emulators::project;

/// How answers are damaged on their way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Damage {
    /// They are not.
    #[default]
    None,
    /// A bit of what was asked for is another.
    Bit,
    /// The service does not say that it verified our checksums: they got lost on the way there.
    Unverified,
}

/// A key of Cloud KMS, with the service around it.
#[derive(Debug)]
pub struct Kms {
    host: String,
    ring: Arc<Mutex<Ring>>,
    _server: AbortOnDropHandle<()>,
}

impl Kms {
    /// A service with one key of one version.
    ///
    /// # Panics
    ///
    /// Where no port can be had.
    pub async fn start() -> Self {
        let bound = TcpListener::bind("127.0.0.1:0").await;
        let bound = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = match bound {
            Ok(bound) => bound,
            Err(error) => panic!("no port for a KMS: {error}"),
        };
        let key = format!("projects/{}/locations/us/keyRings/ring/cryptoKeys/key", project());
        let ring = Arc::new(Mutex::new(Ring::new(key)));
        let router = Router::new().fallback(api::answer).with_state(ring.clone());
        let server = tokio::spawn(async move {
            // It serves until it is aborted.
            let _: std::io::Result<()> = axum::serve(listener, router).await;
        });
        Self { host: address.to_string(), ring, _server: AbortOnDropHandle::new(server) }
    }

    /// `127.0.0.1:port`, as `KMS_EMULATOR_HOST` takes it.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The key's resource name.
    #[must_use]
    pub fn key(&self) -> String {
        self.ring().key.clone()
    }

    /// The settings of a vault that uses the key.
    #[must_use]
    pub fn settings(&self) -> [(String, String); 2] {
        [
            ("KMS_URL".to_owned(), format!("gcpkms://{}", self.key())),
            ("KMS_EMULATOR_HOST".to_owned(), self.host.clone()),
        ]
    }

    /// Makes a new version, which encrypts from now on; the ones before still decrypt.
    pub fn rotate(&self) {
        self.ring().primary += 1;
    }

    /// Disables a version: nothing is encrypted or decrypted with it.
    pub fn disable(&self, version: u32) {
        self.ring().disabled.insert(version);
    }

    /// Enables it again.
    pub fn enable(&self, version: u32) {
        self.ring().disabled.remove(&version);
    }

    /// Damages answers from now on.
    pub fn damage(&self, damage: Damage) {
        self.ring().damage = damage;
    }

    /// How many requests came.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.ring().requests
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
