//! What Firestore calls a database and its documents.

use anyhow::{bail, ensure};

use super::limits;
use crate::{
    settings::BackendUrl,
    store::{Key, Owner, StoreError},
};

/// Ends the owner in a document's name: no slug has it.
const OWNER_END: char = '~';

/// A database of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Database {
    /// `projects/{project}/databases/{database}`.
    pub(super) path: String,
}

impl Database {
    /// Reads `firestore://{project}/{database}`.
    pub(super) fn of(url: &BackendUrl) -> anyhow::Result<Self> {
        let named = url.rest.strip_prefix("//").and_then(|rest| rest.split_once('/'));
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '_');
        let name = |text: &str| !text.is_empty() && text.chars().all(allowed);
        match named {
            Some((project, database))
                if name(project) && (name(database) || database == "(default)") =>
            {
                Ok(Self { path: format!("projects/{project}/databases/{database}") })
            }
            _ => bail!(
                "{}: `{url}` is not `firestore://{{project}}/{{database}}`, whose database is \
                 `(default)` unless it was given a name",
                url.setting
            ),
        }
    }

    /// What all collections are under.
    pub(super) fn root(&self) -> String {
        format!("{}/documents", self.path)
    }

    /// The name of the document under a key.
    ///
    /// # Errors
    ///
    /// Fails where the id is longer than Firestore takes, which no id of ours is.
    pub(super) fn document(&self, key: &Key) -> Result<String, StoreError> {
        let id = document_id(&key.owner, &key.id);
        let check = || {
            ensure!(!key.id.is_empty(), "a document of {} has no id", key.collection.name());
            limits::name(&id)
        };
        check().map_err(StoreError::Other)?;
        Ok(format!("{}/{}/{id}", self.root(), key.collection.name()))
    }
}

/// `{owner}~{id}`: documents of one id sort by owner. A slash would begin a collection inside the
/// document, so it is written as in a URL.
fn document_id(owner: &Owner, id: &str) -> String {
    let id = id.replace('%', "%25").replace('/', "%2F");
    format!("{}{OWNER_END}{id}", owner.key())
}
