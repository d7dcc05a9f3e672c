//! `POST /api/v1/pipelines/{org}/uploads`

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, response::Response};
use convergence::{
    Error, Result,
    auth::{Access, permit::RunPipelines},
    claims::Answer,
    files::Invitation,
    http::{IdempotencyKey, Repeatable},
    org::OrgSlug,
    runs::{Runs, Upload},
};
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::submitted::{audited, once};

/// A file to come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UploadRequest {
    /// What it is called; its ending (`.csv`, `.csv.gz`, `.jsonl`, `.parquet`) says what it is.
    #[schema(example = "focus.csv")]
    file_name: String,
}

/// Where to send a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UploadBody {
    /// Its id.
    upload_id: Uuid,
    /// How to send it: `PUT`.
    method: &'static str,
    /// Where to send it: a path of ours, or an address that is signed and to be kept secret.
    url: String,
    /// Headers that have to be sent along, as they are.
    headers: BTreeMap<String, String>,
    /// Until when sending may begin.
    send_until: Timestamp,
    /// What a run names it by, once it was sent.
    input: String,
    /// The most bytes it may have.
    max_bytes: u64,
    /// Until when a run may name it.
    expires_at: Timestamp,
}

/// Starts an upload.
#[utoipa::path(
    post,
    path = "/api/v1/pipelines/{org}/uploads",
    tag = "run-pipeline",
    params(("org" = String, Path, description = "The organization"), IdempotencyKey),
    security(("root_key" = []), ("api_key" = [])),
    request_body = UploadRequest,
    responses((status = 201, body = UploadBody))
)]
pub(crate) async fn start_upload(
    access: Access<RunPipelines>,
    State(runs): State<Arc<Runs>>,
    Repeatable { value, identity }: Repeatable<UploadRequest>,
) -> Result<Response> {
    let name = value.file_name.trim();
    if name.is_empty() || name.len() > 255 || name.contains(['/', '\\', '\0', '\n']) {
        let message = "a file name has 1 to 255 bytes, without slashes";
        return Err(Error::invalid("file_name", message));
    }
    once(&runs, &access, &identity, async |claim| {
        let (upload, write) = runs.begin_upload(&access.org, name)?;
        let body = invited(&runs, &access.org, &upload).await?;
        let mut writes = claim.done(StatusCode::CREATED, &body).await?;
        let target = format!("uploads/{}", upload.upload_id);
        writes.push(audited(&runs, &access, "upload.start", (target, Value::Null))?);
        writes.push(write);
        runs.commit_new(writes).await?;
        Ok(Answer::new(StatusCode::CREATED, &body)?)
    })
    .await
}

/// Where the backend takes the file by itself, or else we do.
async fn invited(runs: &Runs, org: &OrgSlug, upload: &Upload) -> Result<UploadBody> {
    let (upload_id, max_bytes) = (upload.upload_id, runs.upload_bytes);
    let expires_at = upload.created_at + Upload::KEPT;
    let (url, headers, send_until) = if let Some(direct) = runs.engine.files.direct() {
        let Invitation { url, headers, valid } = direct.invite(org, upload_id, max_bytes).await?;
        (url, headers, upload.created_at + valid)
    } else {
        let ours = format!("/api/v1/pipelines/{org}/uploads/{upload_id}");
        (ours, BTreeMap::new(), expires_at)
    };
    let input = format!("upload://{upload_id}");
    let method = "PUT";
    Ok(UploadBody { upload_id, method, url, headers, send_until, input, max_bytes, expires_at })
}
