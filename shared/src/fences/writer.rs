//! One writer per table: the lease `writers/{org}/{table}`.

use std::time::Duration;

use jiff::SignedDuration;

use super::Fences;
use crate::{
    leases::{Asking, Lease},
    org::OrgSlug,
    store::{Collection, Key, StoreError},
};

/// How long a writer holds a table at most. Replacing is the short part of a step: rows were
/// loaded before.
pub const HELD: SignedDuration = SignedDuration::from_secs(120);
/// How often another asks for the table before it gives up for now.
const PATIENCE: u32 = 1200;
/// How long it waits between.
const PAUSE: Duration = Duration::from_millis(50);

/// The right to write a table.
pub type Writer = Lease;

pub(super) async fn become_writer(
    fences: &Fences,
    org: &OrgSlug,
    table: &str,
) -> Result<Writer, StoreError> {
    let holder = fences.ids.new_id();
    for _ in 0..PATIENCE {
        let key = Key::org(Collection::Writers, org, table);
        let asking = Asking { holder, boot: fences.boot, now: fences.clock.now() };
        if let Some(writer) = Lease::take(&fences.store, key, asking, HELD).await? {
            return Ok(writer);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(StoreError::Unavailable(anyhow::anyhow!("another run is still writing `{table}`")))
}
