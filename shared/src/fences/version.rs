//! The version of an organization's data: `data_version/{org}/current`. Answers about costs are
//! kept under it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Fences, scopes::pause};
use crate::{
    org::OrgSlug,
    store::{Collection, Entity, Key, Store, StoreError, StoreExt as _},
};

/// How often the bump begins again from a fresh read.
const TRIES: u32 = 24;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct DataVersion {
    number: u64,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl Entity for DataVersion {}

fn key(org: &OrgSlug) -> Key {
    Key::org(Collection::DataVersion, org, "current")
}

/// The version of an organization's data; 0 before the first.
///
/// # Errors
///
/// As the store.
pub async fn data_version(store: &dyn Store, org: &OrgSlug) -> Result<u64, StoreError> {
    let Some(stored) = store.get(&key(org)).await? else { return Ok(0) };
    Ok(crate::store::Held::<DataVersion>::read(stored)?.value.number)
}

/// Says that an organization's data is another than before.
///
/// # Errors
///
/// As the store.
pub async fn bump_data_version(fences: &Fences, org: &OrgSlug) -> Result<(), StoreError> {
    for tries in 0.. {
        let held = fences.store.find::<DataVersion>(&key(org), fences.clock.now()).await?;
        let write = match held {
            Some(mut held) => {
                held.value.number += 1;
                held.replace()?
            }
            None => DataVersion { number: 1, other: Map::new() }.create(key(org))?,
        };
        match fences.store.commit(vec![write]).await {
            Ok(_) => return Ok(()),
            Err(StoreError::Conflict(_)) if tries < TRIES => pause(fences, tries).await,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
