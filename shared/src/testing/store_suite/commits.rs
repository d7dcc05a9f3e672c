//! Conditions hold for all writes of a commit, or nothing is written.

use serde_json::json;

use super::fixture::{body, conflicts, create, lease, says};
use crate::store::{Store, Version, Write};

pub(super) async fn cases(store: &dyn Store) -> anyhow::Result<()> {
    conditions(store).await?;
    all_or_nothing(store).await?;
    assert!(store.commit(Vec::new()).await?.is_empty());
    Ok(())
}

async fn conditions(store: &dyn Store) -> anyhow::Result<()> {
    let (key, absent) = (lease("condition"), lease("condition-absent"));
    let first = create(store, &key, says(json!(1))).await?;
    conflicts(store, vec![Write::Create(key.clone(), says(json!(2)))], &key).await?;
    let replace =
        |version: &Version, n: i32| Write::Replace(key.clone(), version.clone(), says(json!(n)));
    let second = store.commit(vec![replace(&first, 2)]).await?.remove(0);
    conflicts(store, vec![replace(&first, 3)], &key).await?;
    conflicts(store, vec![Write::Delete(key.clone(), first.clone())], &key).await?;
    conflicts(store, vec![replace(&Version::default(), 3)], &key).await?;
    assert_eq!(body(store, &key).await?, Some(json!(2)));

    let gone = Write::Replace(absent.clone(), second.clone(), says(json!(0)));
    conflicts(store, vec![gone], &absent).await?;
    conflicts(store, vec![Write::Delete(absent.clone(), second.clone())], &absent).await?;
    assert_eq!(body(store, &absent).await?, None);

    // A document that is made again is not the one that was deleted.
    store.commit(vec![Write::Delete(key.clone(), second.clone())]).await?;
    conflicts(store, vec![replace(&second, 3)], &key).await?;
    create(store, &key, says(json!(4))).await?;
    conflicts(store, vec![replace(&second, 3)], &key).await?;
    conflicts(store, vec![replace(&first, 3)], &key).await?;
    assert_eq!(body(store, &key).await?, Some(json!(4)));
    Ok(())
}

async fn all_or_nothing(store: &dyn Store) -> anyhow::Result<()> {
    let (kept, gone, new, taken) =
        (lease("all-kept"), lease("all-gone"), lease("all-new"), lease("all-taken"));
    let kept_version = create(store, &kept, says(json!("before"))).await?;
    let gone_version = create(store, &gone, says(json!("before"))).await?;
    create(store, &taken, says(json!("before"))).await?;
    let good = || {
        vec![
            Write::Create(new.clone(), says(json!("after"))),
            Write::Replace(kept.clone(), kept_version.clone(), says(json!("after"))),
            Write::Delete(gone.clone(), gone_version.clone()),
        ]
    };
    let bad = Write::Create(taken.clone(), says(json!("after")));
    // Wherever the failing write stands, it is the one that is named, and nothing is written.
    for at in 0..=3 {
        let mut writes = good();
        writes.insert(at, bad.clone());
        conflicts(store, writes, &taken).await?;
        assert_eq!(body(store, &new).await?, None);
        assert_eq!(body(store, &kept).await?, Some(json!("before")));
        assert_eq!(body(store, &gone).await?, Some(json!("before")));
    }
    let versions = store.commit(good()).await?;
    assert_eq!(versions.len(), 3);
    assert_eq!(body(store, &new).await?, Some(json!("after")));
    assert_eq!(body(store, &kept).await?, Some(json!("after")));
    assert_eq!(body(store, &gone).await?, None);
    for (key, version) in [&new, &kept].into_iter().zip(versions) {
        assert_eq!(store.get(key).await?.map(|stored| stored.version), Some(version));
    }
    Ok(())
}
