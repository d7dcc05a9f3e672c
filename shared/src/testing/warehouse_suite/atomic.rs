//! All or nothing, and nothing before it is asked for.

use super::fixture::{Breaking, all, batch, charge, fresh, months, put, source};
use crate::warehouse::{Dataset, Warehouse, WarehouseError};

const MONTH: &str = "2024-09-01";

pub(super) async fn cases(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    failing(warehouse).await?;
    unseen(warehouse).await?;
    racing(warehouse).await
}

async fn filled(warehouse: &dyn Warehouse, slug: &str) -> anyhow::Result<Dataset> {
    let dataset = fresh(warehouse, slug).await?;
    let row = [charge("aws/a", MONTH, "2024-09-02", "1")];
    put(warehouse, &dataset, &months("a", &[MONTH])?, &row).await?;
    Ok(dataset)
}

/// An input that breaks off leaves the old rows, and says why.
async fn failing(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = filled(warehouse, "suite_failing").await?;
    let many = vec![charge("aws/a", MONTH, "2024-09-03", "2"); 5000];
    let rows = Breaking::after(batch(&many)?);
    let failed = warehouse.replace(&dataset, "charges", &months("a", &[MONTH])?, rows).await;
    let Err(WarehouseError::Input(cause)) = failed else { anyhow::bail!("{failed:?}") };
    let chain: Vec<String> = cause.chain().map(ToString::to_string).collect();
    assert_eq!(chain, ["line 7 cannot be read", "the disk is gone"]);
    assert_eq!(all(warehouse, &dataset).await?, ["aws/a|2024-09-02|1"]);

    // The table can be written to as before.
    let row = [charge("aws/a", MONTH, "2024-09-02", "4")];
    assert_eq!(put(warehouse, &dataset, &months("a", &[MONTH])?, &row).await?, (1, 1));
    assert_eq!(all(warehouse, &dataset).await?, ["aws/a|2024-09-02|4"]);
    Ok(())
}

/// Staged rows are nobody's until they replace; dropping them discards them.
async fn unseen(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = filled(warehouse, "suite_unseen").await?;
    let rows = || source(vec![batch(&[charge("aws/a", MONTH, "2024-09-09", "2")])?]);
    let staged = warehouse.stage(&dataset, "charges", rows()?, &[]).await?;
    assert_eq!(staged.rows(), 1);
    assert_eq!(all(warehouse, &dataset).await?, ["aws/a|2024-09-02|1"], "seen too early");
    drop(staged);
    assert_eq!(all(warehouse, &dataset).await?, ["aws/a|2024-09-02|1"]);
    let staged = warehouse.stage(&dataset, "charges", rows()?, &[]).await?;
    staged.replace(&months("a", &[MONTH])?).await?;
    assert_eq!(all(warehouse, &dataset).await?, ["aws/a|2024-09-09|2"]);
    Ok(())
}

/// Replaces of one scope at once: each is whole, or refused for now. Never both sets of rows.
async fn racing(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = filled(warehouse, "suite_racing").await?;
    let scope = months("a", &[MONTH])?;
    let costs = ["2", "4", "8", "16"];
    let race = costs.map(|cost| {
        let (dataset, scope) = (dataset.clone(), scope.clone());
        async move {
            let rows = vec![charge("aws/a", MONTH, "2024-09-02", cost); 3];
            let rows = source(vec![batch(&rows)?])?;
            match warehouse.replace(&dataset, "charges", &scope, rows).await {
                Ok(_) => Ok(true),
                Err(WarehouseError::Unavailable(_)) => Ok(false),
                Err(other) => Err(anyhow::Error::new(other)),
            }
        }
    });
    let won = futures::future::try_join_all(race).await?;
    assert!(won.contains(&true), "nobody won");
    let there = all(warehouse, &dataset).await?;
    assert_eq!(there.len(), 3, "{there:?}");
    assert!(there.iter().all(|row| row == &there[0]), "{there:?}");
    Ok(())
}
