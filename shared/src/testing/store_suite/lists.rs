//! Lists: newest id first, by declared fields, in pages, of one owner or of all.

use super::fixture::{create, in_status, run};
use crate::{
    org::OrgSlug,
    store::{Collection, List, Owner, PageRequest, Store, Write},
};

pub(super) async fn cases(store: &dyn Store) -> anyhow::Result<()> {
    let runs = [
        ("list_one", "01", "PENDING", "focus"),
        ("list_one", "03", "RUNNING", "focus"),
        ("list_one", "05", "PENDING", "billing"),
        ("list_one", "07", "PENDING", "focus"),
        ("list_two", "02", "PENDING", "focus"),
        ("list_two", "07", "RUNNING", "focus"),
    ];
    for (org, id, status, pipeline) in runs {
        create(store, &run(org, id)?, in_status(status, pipeline)).await?;
    }
    of_one(store).await?;
    of_all(store).await?;
    changes(store).await?;
    misuse(store).await
}

/// Runs in pages of so many, as `id` and as `owner id`.
async fn ids(
    store: &dyn Store,
    org: Option<&str>,
    filters: &[(&'static str, &str)],
    limit: usize,
) -> anyhow::Result<Vec<String>> {
    let owner = org.map(OrgSlug::parse).transpose()?.map(Owner::Org);
    let filters = filters.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
    let page = PageRequest { limit, after: None };
    let mut query = List { collection: Collection::Runs, owner, filters, page };
    let mut found = Vec::new();
    loop {
        let page = store.list(&query).await?;
        assert!(page.items.len() <= limit, "a page is larger than asked for");
        assert!(page.next.is_none() || page.items.len() == limit, "a page is short");
        found.extend(page.items.into_iter().map(|stored| match org {
            Some(_) => stored.key.id,
            None => format!("{} {}", stored.key.owner.key(), stored.key.id),
        }));
        query.page.after = page.next;
        if query.page.after.is_none() {
            return Ok(found);
        }
    }
}

async fn of_one(store: &dyn Store) -> anyhow::Result<()> {
    for limit in [1, 2, 4, 100] {
        assert_eq!(ids(store, Some("list_one"), &[], limit).await?, ["07", "05", "03", "01"]);
        let pending = ids(store, Some("list_one"), &[("status", "PENDING")], limit).await?;
        assert_eq!(pending, ["07", "05", "01"]);
        let both = [("status", "PENDING"), ("pipeline", "focus")];
        assert_eq!(ids(store, Some("list_one"), &both, limit).await?, ["07", "01"]);
    }
    assert!(ids(store, Some("list_none"), &[], 10).await?.is_empty());
    assert!(ids(store, Some("list_one"), &[("status", "' OR 1=1")], 10).await?.is_empty());
    assert!(ids(store, Some("list_one"), &[("parent", "PENDING")], 10).await?.is_empty());
    Ok(())
}

async fn of_all(store: &dyn Store) -> anyhow::Result<()> {
    for limit in [1, 2, 3, 100] {
        let mut pending = ids(store, None, &[("status", "PENDING")], limit).await?;
        pending.retain(|id| id.starts_with("list_"));
        let wanted = ["list_one 07", "list_one 05", "list_two 02", "list_one 01"];
        assert_eq!(pending, wanted, "in pages of {limit}");
        let mut focus = ids(store, None, &[("pipeline", "focus")], limit).await?;
        focus.retain(|id| id.ends_with("07"));
        focus.sort_unstable();
        assert_eq!(focus, ["list_one 07", "list_two 07"], "the same id of two owners");
    }
    Ok(())
}

/// What changes its fields, or goes, is found accordingly.
async fn changes(store: &dyn Store) -> anyhow::Result<()> {
    let key = run("list_one", "05")?;
    let stored = store.get(&key).await?.ok_or(anyhow::anyhow!("it is not there"))?;
    let moved = Write::Replace(key.clone(), stored.version, in_status("ENDED", "billing"));
    let version = store.commit(vec![moved]).await?.remove(0);
    let pending = ids(store, Some("list_one"), &[("status", "PENDING")], 10).await?;
    assert_eq!(pending, ["07", "01"]);
    assert_eq!(ids(store, Some("list_one"), &[("status", "ENDED")], 10).await?, ["05"]);
    store.commit(vec![Write::Delete(key, version)]).await?;
    assert!(ids(store, Some("list_one"), &[("status", "ENDED")], 10).await?.is_empty());
    assert_eq!(ids(store, Some("list_one"), &[], 10).await?, ["07", "03", "01"]);
    Ok(())
}

async fn misuse(store: &dyn Store) -> anyhow::Result<()> {
    let undeclared = ids(store, Some("list_one"), &[("colour", "red")], 10).await;
    assert!(undeclared.is_err(), "a field that is not declared has no index");
    let page = PageRequest { limit: 10, after: Some("made up".to_owned()) };
    let query = List { collection: Collection::Runs, owner: None, filters: Vec::new(), page };
    assert!(store.list(&query).await.is_err(), "a cursor that was not given");
    Ok(())
}
