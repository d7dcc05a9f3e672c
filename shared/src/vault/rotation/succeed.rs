//! One key takes the place of another.

use super::Rotation;
use crate::{
    Result,
    entities::next_version,
    store::{Held, Owner},
    vault::DataKey,
};

impl Rotation {
    /// Makes the successor of a key and retires it, in one commit. Of several that do so at the same
    /// time one wins, and the others fail with a conflict.
    pub(super) async fn succeed(
        &self,
        owner: &Owner,
        mut held: Held<DataKey>,
    ) -> Result<Held<DataKey>> {
        let (successor, create) = self.vault.new_data_key(owner).await?;
        let (replaces, now) = (held.value.version, self.clock.now());
        held.value.retired_at = Some(now);
        held.value.version = next_version(replaces, now);
        let writes = vec![
            create,
            held.replace()?,
            self.ledger.write(owner, &successor.row(owner, None))?,
            self.ledger.write(owner, &held.value.row(owner, Some(replaces)))?,
        ];
        self.ledger.commit(writes).await?;
        self.again(&held).await
    }
}
