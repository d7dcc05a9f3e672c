//! Many at once: one winner, and no lost update.

use std::sync::Arc;

use futures::future::try_join_all;
use serde_json::json;

use super::fixture::{body, create, lease, says};
use crate::store::{Store, StoreError, Write};

/// Racers and rounds.
const RACERS: usize = 16;
const ROUNDS: usize = 10;

pub(super) async fn cases(store: &Arc<dyn Store>) -> anyhow::Result<()> {
    one_winner(store).await?;
    no_lost_update(store).await
}

/// Of all who create a document together with one of their own, one does, and leaves both.
async fn one_winner(store: &Arc<dyn Store>) -> anyhow::Result<()> {
    for round in 0..ROUNDS {
        let race = (0..RACERS).map(|racer| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                let prize = Write::Create(lease(&format!("prize-{round}")), says(json!(racer)));
                let own = lease(&format!("prize-{round}-{racer}"));
                let own = Write::Create(own, says(json!(racer)));
                won(store.commit(vec![own, prize]).await.map(drop))
            })
        });
        let mut winners = Vec::new();
        for (racer, result) in try_join_all(race).await?.into_iter().enumerate() {
            let own = body(&**store, &lease(&format!("prize-{round}-{racer}"))).await?;
            assert_eq!(own.is_some(), *result.as_ref().unwrap_or(&false), "a loser left something");
            if result? {
                winners.push(json!(racer));
            }
        }
        assert_eq!(winners.len(), 1, "winners of round {round}: {winners:?}");
        assert_eq!(body(&**store, &lease(&format!("prize-{round}"))).await?, winners.pop());
    }
    Ok(())
}

/// A number that many raise by one, each reading first, ends at their count.
async fn no_lost_update(store: &Arc<dyn Store>) -> anyhow::Result<()> {
    let key = lease("count");
    create(&**store, &key, says(json!(0))).await?;
    let raise = (0..RACERS).map(|_| {
        let (store, key) = (Arc::clone(store), key.clone());
        tokio::spawn(async move {
            for _ in 0..1000 {
                let Some(stored) = store.get(&key).await? else { anyhow::bail!("it is gone") };
                let more = json!(stored.document.body.as_u64().unwrap_or_default() + 1);
                let write = Write::Replace(key.clone(), stored.version, says(more));
                if won(store.commit(vec![write]).await.map(drop))? {
                    return Ok(());
                }
                tokio::task::yield_now().await;
            }
            anyhow::bail!("never got through")
        })
    });
    for done in try_join_all(raise).await? {
        done?;
    }
    assert_eq!(body(&**store, &key).await?, Some(json!(RACERS)));
    Ok(())
}

fn won(result: Result<(), StoreError>) -> anyhow::Result<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict(_)) => Ok(false),
        Err(other) => Err(other.into()),
    }
}
