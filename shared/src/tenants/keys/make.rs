//! Making a key.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::Made;
use crate::{
    Error, Result,
    audit::By,
    claims::{Answer, Begin, Claim},
    entities::KeyScope,
    http::Identity,
    org::OrgSlug,
    store::Entity as _,
    tenants::{
        Tenants,
        bodies::IssuedKey,
        change::Change,
        fields,
        form::Mistakes,
        rows::{self, Cause},
    },
};

/// A key, as it is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What its owner calls it.
    pub name: String,
    /// What it may do; everything unless given.
    pub scopes: Option<BTreeSet<KeyScope>>,
    /// From when on it is refused; never unless given.
    pub expires_at: Option<Timestamp>,
}

impl NewKey {
    fn check(mut self, now: Timestamp) -> Result<Self> {
        let mut mistakes = Mistakes::default();
        let name = mistakes.take("name", fields::name(&self.name));
        if self.scopes.as_ref().is_some_and(BTreeSet::is_empty) {
            mistakes.say("scopes", "a key has at least one scope");
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            mistakes.say("expires_at", "a key ends in the future");
        }
        Error::check(mistakes.0)?;
        self.name = name.unwrap_or_default();
        Ok(self)
    }

    fn scopes(&self) -> Vec<KeyScope> {
        match &self.scopes {
            Some(scopes) => scopes.iter().copied().collect(),
            None => KeyScope::ALL.to_vec(),
        }
    }
}

impl Tenants {
    /// Makes a key, and answers 201 with it, once.
    ///
    /// # Errors
    ///
    /// 422 with all mistakes at once.
    pub async fn issue_key(
        &self,
        by: By<'_>,
        org: &OrgSlug,
        request: NewKey,
        identity: &Identity,
    ) -> Result<Answer> {
        let request = request.check(self.clock.now())?;
        let claim = match self.claims.begin(by.caller, identity).await? {
            Begin::Replay(answer) => return Ok(answer),
            Begin::Fresh(claim) => claim,
        };
        let mut made = self.make_key(org, &request.name, &request.scopes(), &claim);
        made.key.expires_at = request.expires_at;
        let answer = self.commit_key(by, &made, &claim).await?;
        claim.keep();
        Ok(answer)
    }

    async fn commit_key(&self, by: By<'_>, made: &Made, claim: &Claim) -> Result<Answer> {
        let mut change = Change::new(self, &made.key.org_slug);
        change.write(made.key.create(made.document.clone())?);
        change.row(&rows::api_key(&made.document, &made.key, Cause { by, replaces: None }))?;
        let details = json!({ "name": made.key.name, "scopes": made.key.scopes });
        change.audit(by, "api_key.create", &made.key.key_id, details)?;
        let answer = change.answer(claim, &IssuedKey::new(&made.text, &made.key)).await?;
        change.commit().await?;
        Ok(answer)
    }
}
