//! The extractors of routes that belong to no organization.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::{Authenticator, Caller, authenticator::ROOT_KEY, oidc::Purpose};
use crate::{Error, Result, http::RequestMeta};

/// The holder of the root key.
#[derive(Debug, Clone)]
pub struct Root {
    /// [`Caller::Root`].
    pub caller: Caller,
    /// Which request this is, and from where.
    pub meta: RequestMeta,
}

/// The service account that pushes messages.
#[derive(Debug, Clone)]
pub struct Service {
    /// [`Caller::Service`].
    pub caller: Caller,
    /// Which request this is, and from where.
    pub meta: RequestMeta,
}

/// The holder of the root key, or the service account of the scheduler.
#[derive(Debug, Clone)]
pub struct RootOrService {
    /// [`Caller::Root`] or [`Caller::Service`].
    pub caller: Caller,
    /// Which request this is, and from where.
    pub meta: RequestMeta,
}

impl<S> FromRequestParts<S> for Root
where
    S: Send + Sync,
    Arc<Authenticator>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let caller = Arc::<Authenticator>::from_ref(state).root(&parts.headers)?;
        Ok(Self { caller, meta: RequestMeta::from_request_parts(parts, state).await? })
    }
}

impl<S> FromRequestParts<S> for Service
where
    S: Send + Sync,
    Arc<Authenticator>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let authenticator = Arc::<Authenticator>::from_ref(state);
        let caller = authenticator.service(&parts.headers, Purpose::Push).await?;
        Ok(Self { caller, meta: RequestMeta::from_request_parts(parts, state).await? })
    }
}

impl<S> FromRequestParts<S> for RootOrService
where
    S: Send + Sync,
    Arc<Authenticator>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let authenticator = Arc::<Authenticator>::from_ref(state);
        let caller = if parts.headers.contains_key(ROOT_KEY) {
            authenticator.root(&parts.headers)?
        } else {
            authenticator.service(&parts.headers, Purpose::Schedule).await?
        };
        Ok(Self { caller, meta: RequestMeta::from_request_parts(parts, state).await? })
    }
}
