//! `PUT /api/v1/pipelines/{org}/uploads/{upload_id}`

use std::sync::Arc;

use axum::{body::Body, extract::State};
use convergence::{
    Error, Result,
    auth::{Access, permit::RunPipelines},
    http::{Json, Path},
    runs::Runs,
};
use futures::TryStreamExt as _;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A file that was received.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceivedBody {
    /// The upload.
    upload_id: Uuid,
    /// What a run names it by.
    input: String,
    /// SHA-256 of its bytes, in hex.
    sha256: String,
    /// How many there are.
    bytes: u64,
}

/// Receives the file of an upload, as it is, in one piece.
#[utoipa::path(
    put,
    path = "/api/v1/pipelines/{org}/uploads/{upload_id}",
    operation_id = "upload_file",
    tag = "run-pipeline",
    params(
        ("org" = String, Path, description = "The organization"),
        ("upload_id" = Uuid, Path, description = "The upload that was started")
    ),
    security(("root_key" = []), ("api_key" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = ReceivedBody))
)]
pub(crate) async fn upload(
    access: Access<RunPipelines>,
    State(runs): State<Arc<Runs>>,
    Path((_org, upload_id)): Path<(String, Uuid)>,
    body: Body,
) -> Result<Json<ReceivedBody>> {
    let held = runs.open_upload(&access.org, upload_id).await?;
    let mut incoming = runs.engine.files.begin(&access.org).await?;
    let (mut chunks, mut bytes) = (body.into_data_stream(), 0_u64);
    while let Some(chunk) = chunks.try_next().await.map_err(|error| broken_off(&error))? {
        bytes += chunk.len() as u64;
        if bytes > runs.upload_bytes {
            let most = runs.upload_bytes;
            return Err(Error::TooLarge(format!("an upload may have at most {most} bytes")));
        }
        incoming.write(chunk).await?;
    }
    if bytes == 0 {
        return Err(Error::Malformed("the file is empty; send its bytes as the body".to_owned()));
    }
    let kept = incoming.keep().await?;
    let upload = runs.end_upload(held, &kept).await?;
    Ok(Json(ReceivedBody {
        upload_id: upload.upload_id,
        input: format!("upload://{}", upload.upload_id),
        sha256: kept.sha256.as_str().to_owned(),
        bytes: kept.bytes,
    }))
}

fn broken_off(error: &axum::Error) -> Error {
    Error::Malformed(format!("the file broke off: {error}; send it again"))
}
