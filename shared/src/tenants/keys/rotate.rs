//! Replacing a key: one commit makes the successor and gives the old one its end.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Made;
use crate::{
    Error, Result,
    audit::By,
    claims::{Answer, Begin, Claim},
    entities::{ApiKey, next_version},
    http::Identity,
    org::OrgSlug,
    store::{Entity as _, Held},
    tenants::{
        Tenants,
        bodies::{IssuedKey, KeyBody, RotatedKey},
        change::Change,
        rows::{self, Cause},
    },
};

/// The longest overlap: 7 days.
const LONGEST: u32 = 7 * 24 * 60 * 60;

/// How a key is replaced.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// How long both work, in seconds: at most 7 days; a day unless given.
    #[serde(default = "day")]
    #[schema(maximum = 604_800, default = 86_400)]
    pub overlap_seconds: u32,
}

fn day() -> u32 {
    24 * 60 * 60
}

impl Tenants {
    /// Replaces a key, and answers 201 with the successor, once.
    ///
    /// # Errors
    ///
    /// 404 where the organization has no such key, 409 where it was revoked, has ended or has a
    /// successor, 422 for an overlap that is too long.
    pub async fn rotate_key(
        &self,
        by: By<'_>,
        (org, key_id): (&OrgSlug, Uuid),
        rotation: Rotation,
        identity: &Identity,
    ) -> Result<Answer> {
        if rotation.overlap_seconds > LONGEST {
            let message = format!("both keys work for at most 7 days: {LONGEST} seconds");
            return Err(Error::invalid("overlap_seconds", message));
        }
        let claim = match self.claims.begin(by.caller, identity).await? {
            Begin::Replay(answer) => return Ok(answer),
            Begin::Fresh(claim) => claim,
        };
        let overlap = SignedDuration::from_secs(rotation.overlap_seconds.into());
        let answer = self.replace_key(by, (org, key_id), overlap, &claim).await?;
        claim.keep();
        Ok(answer)
    }

    async fn replace_key(
        &self,
        by: By<'_>,
        (org, key_id): (&OrgSlug, Uuid),
        overlap: SignedDuration,
        claim: &Claim,
    ) -> Result<Answer> {
        let now = self.clock.now();
        let mut old = self.find_key(org, key_id).await?;
        can_be_replaced(&old.value, now)?;
        let mut made = self.make_key(org, &old.value.name, &old.value.scopes, claim);
        made.key.expires_at = old.value.expires_at;
        let end = now + overlap;
        old.value.expires_at = Some(old.value.expires_at.map_or(end, |own| own.min(end)));
        old.value.successor = Some(made.key.key_id);
        let replaces = Some(old.value.version);
        old.value.version = next_version(old.value.version, now);
        self.commit_rotation(by, (&old, replaces), &made, claim).await
    }

    async fn commit_rotation(
        &self,
        by: By<'_>,
        (old, replaces): (&Held<ApiKey>, Option<i64>),
        made: &Made,
        claim: &Claim,
    ) -> Result<Answer> {
        let body = RotatedKey {
            issued: IssuedKey::new(&made.text, &made.key),
            replaces: KeyBody::at(&old.value, self.clock.now()),
        };
        let mut change = Change::new(self, &made.key.org_slug);
        change.write(made.key.create(made.document.clone())?).write(old.replace()?);
        change.row(&rows::api_key(&made.document, &made.key, Cause { by, replaces: None }))?;
        change.row(&rows::api_key(&old.key, &old.value, Cause { by, replaces }))?;
        let details = json!({ "successor": made.key.key_id, "old_key_ends": old.value.expires_at });
        change.audit(by, "api_key.rotate", &old.value.key_id, details)?;
        let answer = change.answer(claim, &body).await?;
        change.commit().await?;
        self.authenticator.forget_key(&old.key);
        Ok(answer)
    }
}

fn can_be_replaced(old: &ApiKey, now: Timestamp) -> Result<()> {
    if !old.is_active(now) {
        return Err(Error::Conflict("this key has ended; make a new one instead".to_owned()));
    }
    match old.successor {
        Some(successor) => {
            Err(Error::Conflict(format!("this key was replaced already, by {successor}")))
        }
        None => Ok(()),
    }
}
