//! Data keys as they are, for a few minutes: asking the KMS each time would cost time and money.

use std::{fmt, sync::Arc, time::Duration};

use anyhow::anyhow;
use jiff::Timestamp;
use moka::future::Cache;

use super::{DataKey, Kms, KmsError, Secret};
use crate::{clock::Clock, store::Owner};

/// How long an unwrapped key is used: so long a key that the KMS no longer gives out may still work.
const REMEMBERED: Duration = Duration::from_mins(5);
/// How many are held; the least used go first.
const MOST: u64 = 1000;

/// Unwrapped data keys. One that goes is erased with its last user.
pub(super) struct Unwrapped {
    kms: Arc<dyn Kms>,
    clock: Arc<dyn Clock>,
    keys: Cache<(String, u32), Held>,
}

#[derive(Clone)]
struct Held {
    key: Secret,
    until: Timestamp,
}

impl Unwrapped {
    pub(super) fn new(kms: Arc<dyn Kms>, clock: Arc<dyn Clock>) -> Self {
        let keys = Cache::builder().max_capacity(MOST).time_to_live(REMEMBERED).build();
        Self { kms, clock, keys }
    }

    pub(super) fn kms(&self) -> &dyn Kms {
        &*self.kms
    }

    /// The key itself. However many ask for one at the same time, the KMS is asked once; a failure
    /// is not remembered.
    pub(super) async fn get(&self, owner: &Owner, data_key: &DataKey) -> Result<Secret, KmsError> {
        let id = (owner.key(), data_key.key_version);
        let now = self.clock.now();
        if self.keys.get(&id).await.is_some_and(|held| held.until <= now) {
            self.keys.invalidate(&id).await;
        }
        let unwrap = async {
            let key = data_key.unwrap(&*self.kms).await?;
            Ok(Held { key, until: now + REMEMBERED })
        };
        let held = self.keys.try_get_with(id, unwrap).await;
        held.map(|held| held.key).map_err(|error| again(&error))
    }
}

/// The same failure, for each who waited for it.
fn again(error: &Arc<KmsError>) -> KmsError {
    match &**error {
        KmsError::Unavailable(cause) => KmsError::Unavailable(anyhow!("{cause:#}")),
        KmsError::Refused(cause) => {
            KmsError::Refused(anyhow!("a data key cannot be unwrapped: {cause:#}"))
        }
    }
}

impl fmt::Debug for Unwrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unwrapped").field("kms", &self.kms).finish_non_exhaustive()
    }
}
