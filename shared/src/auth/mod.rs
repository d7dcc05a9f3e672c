//! Who is calling, and what that caller may do.
//!
//! Credentials are extractors: a handler that takes [`Access`], [`Root`], [`Service`] or
//! [`RootOrService`] cannot be reached without the credential that it names.

mod access;
pub mod api_key;
mod authenticator;
mod caller;
mod extract;
pub mod oidc;
mod pepper;
pub mod permit;
mod recent;
mod root_key;

pub(crate) use self::authenticator::{API_KEY, ROOT_KEY};
pub use self::{
    access::Access,
    authenticator::{Authenticator, Credentials},
    caller::{Actor, ActorKind, Caller, Role},
    extract::{Root, RootOrService, Service},
    pepper::{Pepper, Peppers},
    permit::Permit,
    root_key::RootKey,
};
