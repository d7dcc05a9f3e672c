//! What every warehouse does: each backend passes these cases unchanged.

mod append;
mod atomic;
mod datasets;
mod fixture;
mod params;
mod queries;
mod replace;
mod tables;

use crate::warehouse::Warehouse;

/// Runs every case, each in datasets of its own, which it makes anew. A case that does not hold
/// panics.
///
/// # Errors
///
/// Fails where a call fails that has to succeed.
pub async fn warehouse_suite(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    warehouse.ping().await?;
    datasets::cases(warehouse).await?;
    tables::cases(warehouse).await?;
    append::cases(warehouse).await?;
    replace::cases(warehouse).await?;
    atomic::cases(warehouse).await?;
    queries::cases(warehouse).await?;
    params::cases(warehouse).await
}
