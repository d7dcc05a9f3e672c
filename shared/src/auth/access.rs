//! The extractor of every route below an organization.

use std::{marker::PhantomData, sync::Arc};

use axum::{
    RequestPartsExt as _,
    extract::{FromRef, FromRequestParts, RawPathParams},
};
use http::{HeaderMap, request::Parts};

use super::{Authenticator, Caller, Permit, authenticator::no_organization};
use crate::{Error, Result, entities::Organization, http::RequestMeta, org::OrgSlug};

/// A caller who may do `P` in the organization of the path parameter `{org}`.
///
/// 401 without good credentials, 404 where the organization is not the caller's, does not exist
/// or has left, 403 for a caller without the role or scope; only then is the handler reached.
#[derive(Debug, Clone)]
pub struct Access<P> {
    /// The organization, written as it was onboarded.
    pub org: OrgSlug,
    /// The organization's profile, at most 20 seconds old.
    pub organization: Arc<Organization>,
    /// Who calls.
    pub caller: Caller,
    /// Which request this is, and from where.
    pub meta: RequestMeta,
    permit: PhantomData<fn() -> P>,
}

impl<S, P> FromRequestParts<S> for Access<P>
where
    S: Send + Sync,
    P: Permit,
    Arc<Authenticator>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let authenticator = Arc::<Authenticator>::from_ref(state);
        let caller = authenticator.root_or_key(&parts.headers).await?;
        let asked = path_org(parts).await?;
        if matches!(&caller, Caller::Key { org, .. } if *org != asked) {
            return Err(no_organization());
        }
        let organization = authenticator.organization(&asked).await?;
        permitted::<P>(&caller)?;
        let meta = RequestMeta::from_request_parts(parts, state).await?;
        let org = organization.org_slug.clone();
        tracing::Span::current().record("org_slug", org.as_str());
        Ok(Self { org, organization, caller, meta, permit: PhantomData })
    }
}

impl<P: Permit> Access<P> {
    /// Refuses a caller who may no longer do `P`, as if the request came now. For answers that last:
    /// what was allowed when they began may be withdrawn.
    ///
    /// # Errors
    ///
    /// As for a new request with the same headers.
    pub async fn again(&self, by: &Authenticator, headers: &HeaderMap) -> Result<()> {
        let caller = by.root_or_key(headers).await?;
        by.organization(&self.org).await?;
        permitted::<P>(&caller)
    }
}

async fn path_org(parts: &mut Parts) -> Result<OrgSlug> {
    let params = parts.extract::<RawPathParams>().await.map_err(|_| no_organization())?;
    let org = params.iter().find(|(name, _)| *name == "org").map(|(_, value)| value);
    OrgSlug::parse(org.unwrap_or_default()).map_err(|_| no_organization())
}

fn permitted<P: Permit>(caller: &Caller) -> Result<()> {
    match caller {
        Caller::Root => Ok(()),
        Caller::Key { scopes, .. } if P::SCOPES.iter().any(|scope| scopes.contains(scope)) => {
            Ok(())
        }
        Caller::Key { .. } | Caller::Service { .. } => Err(Error::Forbidden(refusal(P::SCOPES))),
    }
}

fn refusal(scopes: &[crate::entities::KeyScope]) -> String {
    let names: Vec<_> = scopes.iter().map(|scope| format!("`{}`", scope.as_str())).collect();
    if names.is_empty() {
        "API keys may not do this: an owner or admin has to".to_owned()
    } else {
        format!("this needs a key with the scope {}", names.join(" or "))
    }
}
