//! Cursors of pages: where the page before ended. Both backends give and take the same.

use jiff::Timestamp;

use super::{Owner, Page, StoreError, Stored};
use crate::org::OrgSlug;

/// Separates the parts of a cursor.
const UNIT: char = '\u{1f}';

/// The last document of a page of a list.
#[derive(Debug, PartialEq)]
pub(super) struct ListedUntil {
    pub(super) id: String,
    pub(super) owner: Owner,
}

/// The last document of a page of what is due.
#[derive(Debug, PartialEq)]
pub(super) struct DueUntil {
    pub(super) at: Timestamp,
    pub(super) last: ListedUntil,
}

impl ListedUntil {
    pub(super) fn write(stored: &Stored) -> String {
        format!("{}{UNIT}{}", stored.key.id, stored.key.owner.key())
    }

    pub(super) fn read(cursor: &str) -> Result<Self, StoreError> {
        let (id, owner) = cursor.rsplit_once(UNIT).ok_or(StoreError::Cursor)?;
        let owner = read_owner(owner).map_err(|_| StoreError::Cursor)?;
        Ok(Self { id: id.to_owned(), owner })
    }
}

impl DueUntil {
    pub(super) fn write(stored: &Stored) -> String {
        let at = stored.document.due_at.map(Timestamp::as_microsecond).unwrap_or_default();
        format!("{at}{UNIT}{}", ListedUntil::write(stored))
    }

    pub(super) fn read(cursor: &str) -> Result<Self, StoreError> {
        let (at, last) = cursor.split_once(UNIT).ok_or(StoreError::Cursor)?;
        let at = at.parse().map_err(|_| StoreError::Cursor)?;
        let at = Timestamp::from_microsecond(at).map_err(|_| StoreError::Cursor)?;
        Ok(Self { at, last: ListedUntil::read(last)? })
    }
}

/// An owner as [`Owner::key`] writes it.
pub(super) fn read_owner(text: &str) -> anyhow::Result<Owner> {
    if text == "-" { Ok(Owner::System) } else { Ok(Owner::Org(OrgSlug::parse(text)?)) }
}

/// What was asked for, and where to go on when one more was found.
pub(super) fn page(
    mut found: Vec<Stored>,
    limit: usize,
    cursor: impl Fn(&Stored) -> String,
) -> Page {
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(cursor);
    Page { items: found, next }
}
