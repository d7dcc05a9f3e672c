//! Cursors: a place in an answer, good for the same question on the same data.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{Error, Result};

/// How far into a list pages may go.
const MOST_OFFSET: u64 = 100_000_000;

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageAsked {
    /// At most so many items.
    pub limit: u32,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// What a cursor must fit: the question without its page, and the version of the data.
#[derive(Debug)]
pub(super) struct Place {
    mark: String,
}

impl Place {
    pub(super) fn of(question: &impl Serialize, version: &str) -> anyhow::Result<Self> {
        let text = serde_json::to_string(question)?;
        let digest = Sha256::new().chain_update(text).chain_update([0]).chain_update(version);
        Ok(Self { mark: hex::encode(&digest.finalize()[..8]) })
    }

    /// The cursor of the page that begins at an offset.
    pub(super) fn cursor(&self, offset: u64) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(format!("{}.{offset}", self.mark))
    }

    /// The offset of a page.
    ///
    /// # Errors
    ///
    /// 422 where the cursor is of another question or of data that has changed since.
    pub(super) fn offset(&self, page: &PageAsked) -> Result<u64> {
        let Some(cursor) = &page.cursor else { return Ok(0) };
        let read = || {
            let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
            let (mark, offset) = text.split_once('.')?;
            let offset: u64 = offset.parse().ok()?;
            (mark == self.mark && offset <= MOST_OFFSET).then_some(offset)
        };
        let message = "this cursor belongs to another question, or the data changed since: \
                       take the `next_cursor` of the page before with the same parameters, or \
                       begin again without a cursor";
        read().ok_or_else(|| Error::invalid("cursor", message))
    }
}
