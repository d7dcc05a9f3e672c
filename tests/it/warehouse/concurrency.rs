//! Many callers at once, callers that go away, and columns that change meanwhile.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use convergence::warehouse::{Applied, Batches, Dataset, Query, Warehouse as _, WarehouseError};
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

/// A question that would take years ends with whoever asked it: else this test would not end.
#[tokio::test]
async fn nobody_waits_for_a_question_that_was_given_up() {
    let place = place().await.unwrap();
    place
        .db
        .replace(&place.org, "charges", &january(), rows(&vec![1; 3000]).unwrap())
        .await
        .unwrap();
    let joins: String = ["b", "c", "d", "e"]
        .map(|name| format!("join {name}=charges (a.BilledCost <= {name}.BilledCost)\n"))
        .concat();
    let query =
        Query::new("endless", format!("from a=charges\n{joins}aggregate {{rows = count this}}"));
    for _ in 0..10 {
        let asked = timeout(Duration::from_millis(20), place.db.query(&place.org, &query)).await;
        assert!(asked.is_err(), "it was no long question");
        let asked = timeout(Duration::from_millis(20), place.db.stream(&place.org, &query)).await;
        assert!(asked.is_err(), "it was no long question");
    }
    assert_eq!(total(&place).await.unwrap(), ["3000|0.000000000000003"]);
}

/// Gives the same rows for ever.
struct Endless(RecordBatch);

impl Batches for Endless {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }

    fn next(&self) -> anyhow::Result<Option<RecordBatch>> {
        std::thread::sleep(Duration::from_millis(1));
        Ok(Some(self.0.clone()))
    }
}

#[tokio::test]
async fn a_load_that_was_given_up_leaves_its_input_alone() {
    let place = place().await.unwrap();
    let endless = Arc::new(Endless(super::fixture::batch(&[1, 2]).unwrap()));
    let loading = place.db.stage(&place.org, "charges", endless.clone(), &[]);
    assert!(timeout(Duration::from_millis(100), loading).await.is_err());
    let released = async {
        while Arc::strong_count(&endless) > 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(20), released).await.expect("it is still being read");
    assert_eq!(total(&place).await.unwrap(), ["0|0"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_dataset_is_made_once_by_many() {
    let place = Arc::new(place().await.unwrap());
    let make = |n: i32| {
        let place = place.clone();
        tokio::spawn(async move {
            let labels = BTreeMap::from([("claim".to_owned(), n.to_string())]);
            place.db.create_dataset(&Dataset::System, &labels).await
        })
    };
    for made in futures::future::join_all((0..8).map(make)).await {
        made.unwrap().unwrap();
    }
    assert!(place.db.dataset_labels(&Dataset::System).await.unwrap().is_some());
}
