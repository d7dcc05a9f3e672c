//! Documents come back as they were written, under their key and no other.

use serde_json::json;

use super::fixture::{body, create, lease, moment, run, says};
use crate::{
    org::OrgSlug,
    store::{Collection, Document, Key, Store, Version, Write},
};

pub(super) async fn cases(store: &dyn Store) -> anyhow::Result<()> {
    round_trip(store).await?;
    owners(store).await?;
    versions(store).await
}

async fn round_trip(store: &dyn Store) -> anyhow::Result<()> {
    let key = Key::system(Collection::Keys, "v1.odd/id with \"everything\" ' é.?#%");
    assert_eq!(store.get(&key).await?, None);
    let amount: serde_json::Value =
        serde_json::from_str("{\"amount\": 12345678901234567890.123456789012345678}")?;
    let document = Document {
        body: json!({
            "text": "O'Brien \"x\" \\ \u{0} 日本語", "n": i64::MAX, "none": null, "list": [1, [], {}],
            "amount": amount["amount"], "deep": {"a": {"b": {"c": true}}}, "long": "x".repeat(200_000),
        }),
        filters: [("org", "acme".to_owned())].into(),
        due_at: Some(moment(0)?),
        expire_at: Some("1999-12-31T23:59:59.999999Z".parse()?),
    };
    let version = create(store, &key, document.clone()).await?;
    let stored = store.get(&key).await?.ok_or(anyhow::anyhow!("it is not there"))?;
    assert_eq!(stored.document, document, "what has expired is for the reader to judge");
    assert_eq!((&stored.key, &stored.version), (&key, &version));
    store.commit(vec![Write::Delete(key.clone(), version)]).await?;
    assert_eq!(store.get(&key).await?, None);
    Ok(())
}

/// The same id under other owners and in other collections is another document.
async fn owners(store: &dyn Store) -> anyhow::Result<()> {
    let org = |slug| -> anyhow::Result<Key> {
        Ok(Key::org(Collection::Counters, &OrgSlug::parse(slug)?, "runs"))
    };
    let elsewhere = Key::org(Collection::DataVersion, &OrgSlug::parse("value_one")?, "runs");
    let keys = [
        Key::system(Collection::Counters, "runs"),
        org("value_one")?,
        org("value_two")?,
        elsewhere,
    ];
    for (n, key) in keys.iter().enumerate() {
        create(store, key, says(json!(n))).await?;
    }
    for (n, key) in keys.iter().enumerate() {
        assert_eq!(body(store, key).await?, Some(json!(n)));
    }
    // An organization is one whatever the case of its slug, and is answered as it was asked.
    let upper = org("VALUE_one")?;
    let stored = store.get(&upper).await?.ok_or(anyhow::anyhow!("it is not there"))?;
    assert_eq!((stored.document.body, stored.key.owner), (json!(1), upper.owner));
    Ok(())
}

/// Each write makes a version that was never there before.
async fn versions(store: &dyn Store) -> anyhow::Result<()> {
    let key = run("value_three", "versions")?;
    let mut seen = vec![create(store, &key, says(json!(0))).await?];
    for n in 1..4 {
        let last = seen[seen.len() - 1].clone();
        let same = says(json!(n / 2));
        seen.extend(store.commit(vec![Write::Replace(key.clone(), last, same)]).await?);
    }
    let last = seen[seen.len() - 1].clone();
    let gone = store.commit(vec![Write::Delete(key.clone(), last)]).await?;
    assert_eq!(gone, [Version::default()], "what was deleted has no version");
    seen.push(create(store, &key, says(json!(0))).await?);
    let distinct: std::collections::HashSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "{seen:?}");
    let stored = store.get(&lease("never")).await?;
    assert_eq!(stored, None);
    Ok(())
}
