//! The only maker of ids and random bytes.

use std::sync::Arc;

use rand::Rng as _;
use uuid::{Builder, Uuid};

use crate::clock::Clock;

/// Makes ids and random bytes. Whatever needs them takes one, so that tests hand in their own.
pub trait Ids: Send + Sync {
    /// A new UUIDv7: newer ids sort after older ones, and carry the time they were made.
    fn new_id(&self) -> Uuid;

    /// Fills `bytes` with random bytes fit for keys.
    fn fill(&self, bytes: &mut [u8]);
}

/// Ids from a clock and the operating system's randomness.
pub struct RandomIds {
    clock: Arc<dyn Clock>,
}

impl RandomIds {
    /// Takes the time of its ids from `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl Ids for RandomIds {
    fn new_id(&self) -> Uuid {
        let millis = u64::try_from(self.clock.now().as_millisecond()).unwrap_or_default();
        let mut random = [0; 10];
        self.fill(&mut random);
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// An id that anyone derives again from the same parts: a repeated step of a flow makes no second document.
#[must_use]
pub fn derived(parts: &[&str]) -> Uuid {
    const NAMESPACE: Uuid = Uuid::from_u128(0x7e3c_1f0a_52d1_4b6e_9a57_c0f4_8d21_66b3);
    Uuid::new_v5(&NAMESPACE, parts.join("\u{1f}").as_bytes())
}

/// The time a UUIDv7 was made, or `None` for another kind of id.
#[must_use]
pub fn made_at(id: Uuid) -> Option<jiff::Timestamp> {
    let (seconds, nanos) = id.get_timestamp().filter(|_| id.get_version_num() == 7)?.to_unix();
    jiff::Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanos).ok()?).ok()
}
