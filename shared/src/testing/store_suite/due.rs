//! What is due: of all owners, most overdue first, in pages.

use serde_json::json;

use super::fixture::{create, moment, run, says};
use crate::store::{Collection, Document, PageRequest, Store, Write};

pub(super) async fn cases(store: &dyn Store) -> anyhow::Result<()> {
    let documents = [
        ("due_one", "a", Some(30)),
        ("due_one", "b", Some(10)),
        ("due_two", "c", Some(20)),
        ("due_two", "d", None),
        ("due_one", "e", Some(20)),
        ("due_two", "e", Some(20)),
    ];
    for (org, id, at) in documents {
        create(store, &run(org, id)?, due_at(at)?).await?;
    }
    let wanted = ["due_one b", "due_two c", "due_one e", "due_two e", "due_one a"];
    for limit in [1, 2, 3, 100] {
        let found = until(store, 30, limit).await?;
        assert_eq!(sorted_ties(&found), sorted_ties(&wanted.map(str::to_owned)), "{found:?}");
        assert_eq!((found[0].as_str(), found[4].as_str()), (wanted[0], wanted[4]));
    }
    assert_eq!(until(store, 10, 100).await?, ["due_one b"], "until is included");
    assert!(until(store, 9, 100).await?.is_empty());

    // What is moved back no longer blocks what comes after it.
    let key = run("due_one", "b")?;
    let stored = store.get(&key).await?.ok_or(anyhow::anyhow!("it is not there"))?;
    store.commit(vec![Write::Replace(key, stored.version, due_at(Some(40))?)]).await?;
    assert!(until(store, 10, 100).await?.is_empty());
    assert_eq!(until(store, 40, 100).await?.pop().as_deref(), Some("due_one b"));
    Ok(())
}

fn due_at(seconds: Option<i64>) -> anyhow::Result<Document> {
    Ok(Document { due_at: seconds.map(moment).transpose()?, ..says(json!("due")) })
}

async fn until(store: &dyn Store, seconds: i64, limit: usize) -> anyhow::Result<Vec<String>> {
    let mut page = PageRequest { limit, after: None };
    let mut found = Vec::new();
    loop {
        let due = store.due(Collection::Runs, moment(seconds)?, &page).await?;
        assert!(due.items.len() <= limit, "a page is larger than asked for");
        let name = |key: &crate::store::Key| format!("{} {}", key.owner.key(), key.id);
        found.extend(due.items.iter().map(|stored| name(&stored.key)));
        page.after = due.next;
        if page.after.is_none() {
            return Ok(found);
        }
    }
}

/// Documents that are due at the same moment come in any order, each once.
fn sorted_ties(found: &[String]) -> Vec<String> {
    let mut found = found.to_vec();
    if found.len() == 5 {
        found[1..4].sort_unstable();
    }
    found
}
