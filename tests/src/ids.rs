//! Ids and "random" bytes that are the same in every run of a test.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use convergence::{clock::Clock, ids::Ids};
use uuid::{Builder, Uuid};

/// `UUIDv7`s of the clock's time and a counter; bytes from a counter.
pub struct TestIds {
    clock: Arc<dyn Clock>,
    made: AtomicU64,
    filled: AtomicU64,
}

impl TestIds {
    /// Takes the time of its ids from `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, made: AtomicU64::new(1), filled: AtomicU64::new(1) }
    }
}

impl Ids for TestIds {
    fn new_id(&self) -> Uuid {
        let millis = u64::try_from(self.clock.now().as_millisecond()).unwrap_or_default();
        let count = self.made.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut random = [0; 10];
        random[2..].copy_from_slice(&count);
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// Splitmix64 of a counter: looks random, repeats in every run.
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let count = self.filled.fetch_add(1, Ordering::Relaxed);
            let mut mixed = count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^= mixed >> 31;
            chunk.copy_from_slice(&mixed.to_be_bytes()[..chunk.len()]);
        }
    }
}
