//! The content hash: what it sees and what it does not.

use convergence::{
    testing::{content_hash, lines},
    warehouse::Warehouse as _,
};

use super::fixture::{Place, january, place, rows, schema};

async fn hash(place: &Place, scaled: &[i128], run: &str) -> anyhow::Result<String> {
    let constants = [("x_run_id", run.to_owned())];
    let staged = place.db.stage(&place.org, "charges", rows(scaled)?, &constants).await?;
    staged.replace(&january()).await?;
    content_hash(&place.db, &place.org, "charges").await
}

#[tokio::test]
async fn order_and_run_do_not_matter_and_everything_else_does() {
    let place = place().await.unwrap();
    let first = hash(&place, &[1, 2, 2], "one").await.unwrap();
    assert_eq!(first.len(), 64);
    assert_eq!(hash(&place, &[2, 1, 2], "two").await.unwrap(), first);
    assert_ne!(hash(&place, &[1, 2], "one").await.unwrap(), first, "how often a row is there");
    assert_ne!(hash(&place, &[1, 2, 3], "one").await.unwrap(), first);
    assert_ne!(hash(&place, &[], "one").await.unwrap(), first);

    place.db.apply_table(&place.org, &schema(&["Colour"]).unwrap()).await.unwrap();
    assert_ne!(hash(&place, &[1, 2, 2], "one").await.unwrap(), first, "a column more");
    assert!(content_hash(&place.db, &place.org, "nowhere").await.is_err());
}

#[test]
fn decimals_are_written_without_trailing_zeros() {
    let scaled = [0, 1_500_000_000_000_000_000, -100_000_000_000_000_000_000];
    let batch = super::fixture::batch(&scaled).unwrap();
    let costs = batch.project(&[3]).unwrap();
    assert_eq!(lines(&[costs]).unwrap(), ["-100", "0", "1.5"]);
}
