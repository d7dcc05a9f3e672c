//! Many callers at once, callers that go away, and columns that change meanwhile.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use convergence::warehouse::{Applied, Query, Warehouse as _, WarehouseError};
use tokio::time::timeout;

use super::fixture::{january, place, rows, schema, total};

#[tokio::test]
async fn a_load_that_began_before_another_replace_of_its_rows_is_refused() {
    let place = place().await.unwrap();
    let stage = async |scaled| {
        place
            .db
            .stage(&place.org, "charges", rows(&[scaled])?, &[])
            .await
            .map_err(anyhow::Error::new)
    };
    let (early, late) = (stage(1).await.unwrap(), stage(2).await.unwrap());
    early.replace(&january()).await.unwrap();
    let refused = late.replace(&january()).await;
    assert!(matches!(refused, Err(WarehouseError::Unavailable(_))), "{refused:?}");
    assert_eq!(total(&place).await.unwrap(), ["1|0.000000000000000001"]);
    // Done again it goes through.
    let again = stage(2).await.unwrap().replace(&january()).await.unwrap();
    assert_eq!((again.inserted, again.deleted), (1, 1));
}

#[tokio::test]
async fn columns_wait_for_a_load_that_is_under_way() {
    let place = Arc::new(place().await.unwrap());
    let staged = place.db.stage(&place.org, "charges", rows(&[1]).unwrap(), &[]).await.unwrap();
    let applying = tokio::spawn({
        let place = place.clone();
        async move { place.db.apply_table(&place.org, &schema(&["Colour"]).unwrap()).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!applying.is_finished(), "columns changed under a load");
    staged.replace(&january()).await.unwrap();
    let applied = applying.await.unwrap().unwrap();
    assert_eq!(applied, Applied::Updated(vec!["Colour".to_owned()]));
    assert_eq!(total(&place).await.unwrap(), ["1|0.000000000000000001"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_table_is_made_once_by_many() {
    let place = Arc::new(place().await.unwrap());
    let mut wider = schema(&["Colour", "Size"]).unwrap();
    wider.name = "wide".to_owned();
    let apply = |table| {
        let place = place.clone();
        tokio::spawn(async move { place.db.apply_table(&place.org, &table).await })
    };
    let made = futures::future::join_all((0..8).map(|_| apply(wider.clone()))).await;
    let made: Vec<Applied> = made.into_iter().map(|done| done.unwrap().unwrap()).collect();
    assert_eq!(made.iter().filter(|applied| **applied == Applied::Created).count(), 1);
    assert_eq!(made.iter().filter(|applied| **applied == Applied::Unchanged).count(), 7);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appends_and_questions_at_once_lose_nothing() {
    let place = Arc::new(place().await.unwrap());
    let work = (0..40).map(|n| {
        let place = place.clone();
        tokio::spawn(async move {
            if n % 2 == 0 {
                let batch = super::fixture::batch(&[1])?;
                place.db.append(&place.org, "charges", batch).await?;
            } else {
                total(&place).await?;
            }
            anyhow::Ok(())
        })
    });
    for done in futures::future::join_all(work).await {
        done.unwrap().unwrap();
    }
    assert_eq!(total(&place).await.unwrap(), ["20|0.00000000000000002"]);
}

/// A question that would take minutes ends with whoever asked it.
#[tokio::test]
async fn nobody_waits_for_a_question_that_was_given_up() {
    let place = place().await.unwrap();
    place
        .db
        .replace(&place.org, "charges", &january(), rows(&vec![1; 3000]).unwrap())
        .await
        .unwrap();
    let prql = "from a=charges\njoin b=charges (a.BilledCost == b.BilledCost)\njoin c=charges (b.BilledCost == c.BilledCost)\njoin d=charges (c.BilledCost == d.BilledCost)\naggregate {rows = count this}";
    let query = Query::new("endless", prql);
    for _ in 0..12 {
        let asked = timeout(Duration::from_millis(20), place.db.query(&place.org, &query)).await;
        assert!(asked.is_err(), "it was no long question");
    }
    for _ in 0..4 {
        let asked = timeout(Duration::from_millis(20), place.db.stream(&place.org, &query)).await;
        assert!(asked.is_err(), "it was no long question");
    }
    let began = Instant::now();
    assert_eq!(total(&place).await.unwrap(), ["3000|0.000000000000003"]);
    assert!(began.elapsed() < Duration::from_secs(20), "they went on: {:?}", began.elapsed());
}
