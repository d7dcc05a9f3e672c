//! Clients send to `{prefix}incoming/{organization}/{upload}` by a signed URL.

use std::collections::BTreeMap;

use anyhow::Context as _;
use async_trait::async_trait;
use google_cloud_auth::signer::Signer;
use google_cloud_storage::{
    builder::storage::SignedUrlBuilder, http::Method, model_ext::ReadRange,
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{
    Bucket,
    failure::{is_absent, is_empty},
};
use crate::{
    files::{Direct, FilesError, Invitation, LocalFile},
    org::OrgSlug,
};

/// How long sending may be begun; what has begun may take longer.
const VALID: SignedDuration = SignedDuration::from_hours(1);

impl Bucket {
    fn incoming_name(&self, org: &OrgSlug, upload_id: Uuid) -> String {
        format!("{}incoming/{}/{upload_id}", self.prefix, org.key())
    }

    async fn signer(&self) -> anyhow::Result<&Signer> {
        self.signer.get_or_try_init(async || self.access.signer()).await
    }

    /// A [V4 signed URL](https://cloud.google.com/storage/docs/access-control/signed-urls). Its
    /// headers are signed too: who leaves one out, or sends more than it says, is refused.
    async fn sign(
        &self,
        object: String,
        headers: &BTreeMap<String, String>,
    ) -> anyhow::Result<String> {
        let mut builder = SignedUrlBuilder::for_object(self.resource(), object)
            .with_method(Method::PUT)
            .with_expiration(VALID.unsigned_abs());
        for (name, value) in headers {
            builder = builder.with_header(name, value);
        }
        if let Some(endpoint) = self.access.endpoint() {
            builder = builder.with_endpoint(endpoint);
        }
        let signed = builder.sign_with(self.signer().await?).await;
        signed.context(
            "an upload's URL cannot be signed: the service's account needs \
             roles/iam.serviceAccountTokenCreator on itself, and the project \
             iamcredentials.googleapis.com",
        )
    }
}

#[async_trait]
impl Direct for Bucket {
    async fn invite(
        &self,
        org: &OrgSlug,
        upload_id: Uuid,
        most_bytes: u64,
    ) -> Result<Invitation, FilesError> {
        let headers = BTreeMap::from([
            // Once: what was sent cannot be exchanged afterwards.
            ("x-goog-if-generation-match".to_owned(), "0".to_owned()),
            ("x-goog-content-length-range".to_owned(), format!("1,{most_bytes}")),
        ]);
        let url = self.sign(self.incoming_name(org, upload_id), &headers).await;
        let url = url.map_err(|cause| self.unavailable(cause))?;
        Ok(Invitation { url, headers, valid: VALID })
    }

    async fn arrived(&self, org: &OrgSlug, upload_id: Uuid) -> Result<Option<u64>, FilesError> {
        let client = self.client().await.map_err(|cause| self.unavailable(cause))?;
        let asked = client
            .read_object(self.resource(), self.incoming_name(org, upload_id))
            .set_read_range(ReadRange::head(1))
            .send();
        match Box::pin(asked).await {
            Ok(answer) => Ok(Some(u64::try_from(answer.object().size).unwrap_or_default())),
            Err(error) if is_empty(&error) => Ok(Some(0)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.failed(error)),
        }
    }

    async fn fetch(&self, org: &OrgSlug, upload_id: Uuid) -> Result<Option<LocalFile>, FilesError> {
        let found = self.download(&self.incoming_name(org, upload_id)).await?;
        Ok(found.map(|(file, _)| file))
    }
}
