//! Secrets at rest: envelope encryption.
//!
//! Every organization has a data key, and so has the deployment. A data key seals secrets with
//! AES-256-GCM, bound to the organization, the provider and the name that they belong to; it is
//! itself kept wrapped by a key that never leaves the KMS.

mod cipher;
#[cfg(feature = "google")]
mod cloud;
mod data_key;
mod file;
mod kms;
mod rotation;
mod seal;
mod secret;
mod unwrapped;

#[cfg(feature = "google")]
pub use self::cloud::CloudKms;
pub use self::{
    data_key::DataKey,
    file::FileKms,
    kms::{Kms, KmsError, Wrapped},
    rotation::{Rotated, Rotation},
    seal::{Sealed, Vault},
    secret::Secret,
};
