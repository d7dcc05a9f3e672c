//! What became of a commit, by the documents it was to write.

use gcloud_sdk::google::firestore::v1::Document;

use super::document::{COMMIT, OVER, text_of, version};
use crate::store::{Key, Version, Write};

/// A commit that Firestore did not answer with success.
pub(super) struct Judge<'a> {
    /// Its id.
    pub(super) commit: &'a str,
    /// What it was to write.
    pub(super) writes: &'a [Write],
    /// Whether an attempt may have been done all the same.
    pub(super) doubt: bool,
}

/// What became of it.
#[derive(Debug, PartialEq)]
pub(super) enum Finding {
    /// It was done, with these versions.
    Done(Vec<Version>),
    /// It was not done, and the condition of this write does not hold.
    Conflict(Key),
    /// It was not done, and every condition holds.
    Open,
    /// It may have been done, and others have written since.
    Unclear,
}

impl Judge<'_> {
    /// Judges by the document of each write as it is now.
    pub(super) fn judge(&self, seen: &[Option<&Document>]) -> Finding {
        if let Some(done) = self.doubt.then(|| self.done(seen)).flatten() {
            return Finding::Done(done);
        }
        let pairs = || self.writes.iter().zip(seen.iter().copied());
        match pairs().find(|(write, now)| !holds(write, *now)) {
            None => Finding::Open,
            Some(_) if self.doubt && !pairs().any(|(write, now)| untouched(write, now)) => {
                Finding::Unclear
            }
            Some((write, _)) => Finding::Conflict(write.key().clone()),
        }
    }

    /// The versions, where a document tells that the commit was done: all of one commit have the
    /// same, so one document is enough. What was only deleted, and is gone, was done by whomever.
    fn done(&self, seen: &[Option<&Document>]) -> Option<Vec<Version>> {
        let mut there = seen.iter().flatten();
        let ours = there.find(|document| text_of(document, COMMIT) == Some(self.commit));
        let version = ours.and_then(|document| document.update_time.as_ref()).map(version);
        let deletes = |write: &Write| matches!(write, Write::Delete(..));
        let gone = self.writes.iter().all(deletes) && seen.iter().all(Option::is_none);
        let version = version.or_else(|| gone.then(Version::default))?;
        let of_write =
            |write: &Write| if deletes(write) { Version::default() } else { version.clone() };
        Some(self.writes.iter().map(of_write).collect())
    }
}

/// Whether the condition of a write holds.
fn holds(write: &Write, now: Option<&Document>) -> bool {
    match write {
        Write::Create(..) => now.is_none(),
        Write::Replace(_, wanted, _) | Write::Delete(_, wanted) => is_of(now, wanted),
    }
}

/// Whether a document proves that the commit did not write it: it is still of the version that the
/// commit asked for, or somebody else wrote it where the commit would have.
fn untouched(write: &Write, now: Option<&Document>) -> bool {
    let over = now.and_then(|document| text_of(document, OVER));
    match write {
        Write::Create(..) => now.is_some() && over.is_none(),
        Write::Replace(_, wanted, _) | Write::Delete(_, wanted) => {
            is_of(now, wanted)
                || over == Some(&wanted.0)
                || super::document::updated(wanted).is_none()
        }
    }
}

fn is_of(now: Option<&Document>, wanted: &Version) -> bool {
    let updated = now.and_then(|document| document.update_time.as_ref());
    updated.is_some_and(|at| version(at) == *wanted)
}
