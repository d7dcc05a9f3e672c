//! Who gets to do the work, and who gets the answer.

use std::time::Duration;

use anyhow::Context as _;

use super::{Answer, Claim, ClaimDocument, Claims};
use crate::{
    Error, Result,
    auth::Caller,
    http::Identity,
    store::{Entity as _, Held, StoreError, Stored, Version, Write},
};

/// How long a second request waits for the answer of the first, and how often it looks.
const WAIT: Duration = Duration::from_secs(5);
const GLANCE: Duration = Duration::from_millis(50);

/// What becomes of a request.
#[derive(Debug)]
pub enum Begin {
    /// It is the first: do the work, and put [`Claim::done`] into the commit.
    Fresh(Claim),
    /// It was done: give the first answer again.
    Replay(Answer),
}

enum Seen {
    Answered(Answer),
    AtWork,
    CutOff(Version),
}

impl Claims {
    /// Claims a request. Without an `Idempotency-Key` every request is the first.
    ///
    /// # Errors
    ///
    /// 409 where the key was used with another body, where the first request with it is still at
    /// work after a wait, or where its answer was taken away.
    pub async fn begin(&self, caller: &Caller, identity: &Identity) -> Result<Begin> {
        let Some(text) = &identity.key else {
            return Ok(Begin::Fresh(Claim::without_key(self.clone())));
        };
        let key = ClaimDocument::key(caller, identity, text);
        let begin = tokio::time::Instant::now();
        loop {
            let now = self.clock.now();
            let fresh = ClaimDocument::new(&identity.body_hash, self.boot, now);
            // One read: an answer that is too old counts as absent, but its document may be there.
            let found = self.store.get(&key).await?;
            let expired = |stored: &Stored| stored.document.expire_at.is_some_and(|end| end <= now);
            let write = match found.map(|stored| (expired(&stored), stored)) {
                None => fresh.create(key.clone())?,
                Some((true, stored)) => {
                    Write::Replace(key.clone(), stored.version, fresh.document()?)
                }
                Some((false, stored)) => match self.look(Held::read(stored)?, identity).await? {
                    Seen::Answered(answer) => return Ok(Begin::Replay(answer)),
                    Seen::AtWork if begin.elapsed() >= WAIT => return Err(at_work()),
                    Seen::AtWork => {
                        tokio::time::sleep(GLANCE).await;
                        continue;
                    }
                    Seen::CutOff(version) => {
                        Write::Replace(key.clone(), version, fresh.document()?)
                    }
                },
            };
            match self.store.commit(vec![write]).await {
                Ok(versions) => {
                    let version = versions.into_iter().next().context("a commit of nothing")?;
                    let held = Held { key, version, value: fresh };
                    return Ok(Begin::Fresh(Claim::new(self.clone(), caller, identity, held)));
                }
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// What an earlier request with the same key came to.
    async fn look(&self, held: Held<ClaimDocument>, identity: &Identity) -> Result<Seen> {
        if held.value.body_hash != identity.body_hash {
            return Err(other_body());
        }
        if held.value.erased {
            return Err(erased());
        }
        if held.value.answer.is_some() {
            return self.replay(&held).await.map(Seen::Answered);
        }
        let live = held.value.is_live(self.boot, self.clock.now());
        Ok(if live { Seen::AtWork } else { Seen::CutOff(held.version) })
    }

    async fn replay(&self, held: &Held<ClaimDocument>) -> Result<Answer> {
        let sealed = held.value.answer.as_ref().context("a claim without an answer")?;
        let secret = self.vault.open(&held.key.owner, ("claim", &held.key.id), sealed).await?;
        Ok(serde_json::from_slice(secret.expose()).context("a kept answer cannot be read")?)
    }
}

fn other_body() -> Error {
    Error::Conflict(
        "this Idempotency-Key was used with another body; take a new key for a new request"
            .to_owned(),
    )
}

fn at_work() -> Error {
    Error::Conflict(
        "the first request with this Idempotency-Key is still at work; try again in a moment"
            .to_owned(),
    )
}

fn erased() -> Error {
    Error::Conflict(
        "the key in the first answer was revoked; take a new Idempotency-Key for a new request"
            .to_owned(),
    )
}
