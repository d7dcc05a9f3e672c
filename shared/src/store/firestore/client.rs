//! Calls of Firestore, each tried once.

use std::{future::Future, time::Duration};

use anyhow::Context as _;
use futures::TryStreamExt as _;
use gcloud_sdk::google::firestore::v1::{
    BatchGetDocumentsRequest, CommitRequest, CommitResponse, Document, DocumentMask,
    RunQueryRequest, StructuredQuery, batch_get_documents_response::Result as Got,
    firestore_client::FirestoreClient, run_query_request::QueryType,
};
use google_cloud_gax::error::CredentialsError;
use http::HeaderValue;
use tokio::sync::OnceCell;
use tonic::{
    Request, Status,
    metadata::MetadataMap,
    transport::{Channel, ClientTlsConfig, Endpoint},
};

use super::address::Database;
use crate::google::{Access, Waits};

const SERVICE: &str = "https://firestore.googleapis.com";
/// Tells Google's front end which database a call is for.
const ROUTE: &str = "google-cloud-resource-prefix";
/// How long one attempt may take: a call that hangs is tried again.
const ATTEMPT: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);
/// Cloud Run freezes idle processes: a connection that died meanwhile is found by this.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// A connection to a database, made when it is first asked.
pub(super) struct Client {
    database: Database,
    access: Access,
    connected: OnceCell<FirestoreClient<Channel>>,
}

impl Client {
    pub(super) fn new(database: Database, access: Access) -> Self {
        Self { database, access, connected: OnceCell::new() }
    }

    /// The waits between attempts.
    pub(super) fn waits(&self) -> Waits {
        self.access.waits()
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// One document. Asked for as one of many, because then "not found" is told of a database only:
    /// one that does not exist must not look like an empty one.
    pub(super) async fn get(&self, name: String) -> Result<Option<Document>, Status> {
        Ok(self.get_all(vec![name], None).await?.pop())
    }

    /// Of these documents, those that there are; with these fields only, where some are named.
    pub(super) async fn get_all(
        &self,
        documents: Vec<String>,
        fields: Option<&[&str]>,
    ) -> Result<Vec<Document>, Status> {
        let mask = |fields: &[&str]| DocumentMask {
            field_paths: fields.iter().map(|&field| field.to_owned()).collect(),
        };
        let (mut client, request) = self
            .begin(BatchGetDocumentsRequest {
                database: self.database.path.clone(),
                documents,
                mask: fields.map(mask),
                ..Default::default()
            })
            .await?;
        within(async move {
            let answers = client.batch_get_documents(request).await?.into_inner();
            let found = answers.try_filter_map(async |answer| match answer.result {
                Some(Got::Found(document)) => Ok(Some(document)),
                _ => Ok(None),
            });
            found.try_collect().await
        })
        .await
    }

    /// The documents that a query finds.
    pub(super) async fn query(&self, query: StructuredQuery) -> Result<Vec<Document>, Status> {
        let (mut client, request) = self
            .begin(RunQueryRequest {
                parent: self.database.root(),
                query_type: Some(QueryType::StructuredQuery(query)),
                ..Default::default()
            })
            .await?;
        within(async move {
            let answers = client.run_query(request).await?.into_inner();
            answers.try_filter_map(async |answer| Ok(answer.document)).try_collect().await
        })
        .await
    }

    /// All writes, or none.
    pub(super) async fn commit(&self, request: CommitRequest) -> Result<CommitResponse, Status> {
        let (mut client, request) = self.begin(request).await?;
        within(client.commit(request)).await.map(tonic::Response::into_inner)
    }

    /// The connection, and a message with who sends it.
    async fn begin<M>(&self, message: M) -> Result<(FirestoreClient<Channel>, Request<M>), Status> {
        let client = self
            .connected
            .get_or_try_init(async || self.connect())
            .await
            .map_err(|error| Status::invalid_argument(format!("{error:#}")))?;
        let mut headers = self.access.headers().await.map_err(nobody)?;
        let route = HeaderValue::from_str(&self.database.path);
        headers.insert(ROUTE, route.map_err(|error| Status::invalid_argument(error.to_string()))?);
        let mut request = Request::new(message);
        *request.metadata_mut() = MetadataMap::from_headers(headers);
        request.set_timeout(ATTEMPT);
        Ok((client.clone(), request))
    }

    /// Nothing is sent yet: the connection is made, and made again, by the calls on it.
    fn connect(&self) -> anyhow::Result<FirestoreClient<Channel>> {
        let endpoint = match self.access.endpoint() {
            Some(emulator) => Endpoint::from_shared(emulator)?,
            None => Endpoint::from_static(SERVICE)
                .tls_config(ClientTlsConfig::new().with_enabled_roots())
                .context("no TLS")?,
        };
        let channel = endpoint
            .connect_timeout(CONNECT)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .keep_alive_while_idle(true)
            .connect_lazy();
        Ok(FirestoreClient::new(channel))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn nobody(error: CredentialsError) -> Status {
    if error.is_transient() {
        Status::unavailable(error.to_string())
    } else {
        Status::unauthenticated(error.to_string())
    }
}

async fn within<T>(call: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
    match tokio::time::timeout(ATTEMPT, call).await {
        Ok(answer) => answer,
        Err(_) => Err(Status::deadline_exceeded("no answer in time")),
    }
}
