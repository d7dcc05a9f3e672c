//! Claims that nobody needs any more.

use jiff::Timestamp;

use super::Claims;
use crate::store::{Collection, PageRequest, StoreError, Write};

/// How many are deleted at once, and how often in one sweep.
const PAGE: usize = 200;
const PAGES: usize = 50;

impl Claims {
    /// Deletes answers that are too old to be given again (they may hold a secret, sealed), and
    /// claims whose work was cut off; returns how many. What somebody else changes meanwhile is
    /// left to the next sweep.
    ///
    /// # Errors
    ///
    /// Fails where the store does not answer.
    pub async fn sweep(&self, until: Timestamp) -> Result<usize, StoreError> {
        let mut deleted = 0;
        let mut page = PageRequest { limit: PAGE, after: None };
        for _ in 0..PAGES {
            let due = self.store.due(Collection::Claims, until, &page).await?;
            page.after.clone_from(&due.next);
            for stored in due.items {
                let delete = Write::Delete(stored.key, stored.version);
                match self.store.commit(vec![delete]).await {
                    Ok(_) => deleted += 1,
                    Err(StoreError::Conflict(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            if page.after.is_none() {
                break;
            }
        }
        Ok(deleted)
    }
}
