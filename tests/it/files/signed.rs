//! URLs by which clients send files to the bucket: what they allow, and what is signed.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use convergence::files::{Direct as _, FilesError, Invitation};
use google_cloud_auth::signer::{self, SigningError, SigningProvider};
use sha2::Digest as _;
use uuid::Uuid;

use super::{
    refusals::said,
    world::{bucket, org},
};

const EMAIL: &str = "run-pipeline@demo.iam.gserviceaccount.com";

/// Stands for IAM Credentials: writes down what it is to sign.
#[derive(Debug, Clone, Default)]
struct Notary {
    signed: Arc<Mutex<Vec<String>>>,
    refuses: bool,
}

impl SigningProvider for Notary {
    async fn client_email(&self) -> signer::Result<String> {
        Ok(EMAIL.to_owned())
    }

    async fn sign(&self, content: &[u8]) -> signer::Result<Bytes> {
        if self.refuses {
            return Err(SigningError::from_msg("iam.serviceAccounts.signBlob denied"));
        }
        self.signed.lock().unwrap().push(String::from_utf8(content.to_vec()).unwrap());
        Ok(Bytes::from_static(&[0xab, 0xcd]))
    }
}

async fn invite(notary: &Notary) -> Result<Invitation, FilesError> {
    let files = bucket("gs://costs/eu", "https://storage.example").unwrap();
    files.with_signer(notary.clone().into()).invite(&org("Acme"), Uuid::nil(), 1000).await
}

#[tokio::test]
async fn an_invitation_is_for_one_object_once_of_a_bounded_length_and_soon() {
    let invitation = invite(&Notary::default()).await.unwrap();
    let url = reqwest::Url::parse(&invitation.url).unwrap();
    assert_eq!(url.host_str(), Some("storage.example"));
    assert_eq!(url.path(), format!("/costs/eu/incoming/acme/{}", Uuid::nil()));
    let query: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(query["X-Goog-Algorithm"], "GOOG4-RSA-SHA256");
    assert_eq!(query["X-Goog-Expires"], "3600");
    assert_eq!(invitation.valid, jiff::SignedDuration::from_hours(1));
    assert!(query["X-Goog-Credential"].starts_with(&format!("{EMAIL}/")), "{query:?}");
    assert_eq!(
        query["X-Goog-SignedHeaders"],
        "host;x-goog-content-length-range;x-goog-if-generation-match"
    );
    assert_eq!(query["X-Goog-Signature"], "abcd");
    let headers: Vec<_> =
        invitation.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let expected = ["x-goog-content-length-range: 1,1000", "x-goog-if-generation-match: 0"];
    assert_eq!(headers, expected);
}

/// As <https://cloud.google.com/storage/docs/authentication/canonical-requests> puts it together.
#[tokio::test]
async fn what_is_signed_is_the_request_with_its_conditions() {
    let notary = Notary::default();
    let invitation = invite(&notary).await.unwrap();
    let (address, query) = invitation.url.split_once('?').unwrap();
    let query = query.split("&X-Goog-Signature=").next().unwrap();
    let canonical = [
        "PUT",
        address.strip_prefix("https://storage.example").unwrap(),
        query,
        "host:storage.example",
        "x-goog-content-length-range:1,1000",
        "x-goog-if-generation-match:0",
        "",
        "host;x-goog-content-length-range;x-goog-if-generation-match",
        "UNSIGNED-PAYLOAD",
    ]
    .join("\n");
    let signed = notary.signed.lock().unwrap().clone();
    let lines: Vec<_> = signed[0].lines().collect();
    assert_eq!((signed.len(), lines[0]), (1, "GOOG4-RSA-SHA256"));
    assert!(lines[2].ends_with("/auto/storage/goog4_request"), "{lines:?}");
    assert_eq!(lines[3], sha256(canonical.as_bytes()));
}

#[tokio::test]
async fn an_account_that_may_not_sign_is_told_what_it_needs() {
    let notary = Notary { refuses: true, ..Notary::default() };
    let said = said(&invite(&notary).await.unwrap_err());
    for part in ["gs://costs/eu/", "roles/iam.serviceAccountTokenCreator", "signBlob denied"] {
        assert!(said.contains(part), "{said}");
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(sha2::Sha256::digest(bytes))
}
