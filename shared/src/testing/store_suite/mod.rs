//! What every store does: each backend passes these cases unchanged.

mod commits;
mod due;
mod fixture;
mod lists;
mod races;
mod values;

use std::sync::Arc;

use crate::store::Store;

/// Runs every case on a store that has no documents yet. A case that does not hold panics.
///
/// # Errors
///
/// Fails where a call fails that has to succeed.
pub async fn store_suite(store: Arc<dyn Store>) -> anyhow::Result<()> {
    store.ping().await?;
    values::cases(&*store).await?;
    commits::cases(&*store).await?;
    lists::cases(&*store).await?;
    due::cases(&*store).await?;
    races::cases(&store).await
}
