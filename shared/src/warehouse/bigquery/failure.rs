//! What BigQuery's errors mean to a caller.
//!
//! Reasons and what to do about them: <https://cloud.google.com/bigquery/docs/error-messages>.

use anyhow::anyhow;
use google_cloud_bigquery::error::{AppendError, WriterBuilderError};
use google_cloud_bigquery_v2::model::ErrorProto;
use google_cloud_gax::error::{Error, rpc::Code};

use super::names::Table;
use crate::{
    google::is_transient,
    warehouse::{WarehouseError, fit},
};

/// Reasons that a later job may not meet.
const LATER: [&str; 10] = [
    "backendError",
    "internalError",
    "jobBackendError",
    "jobInternalError",
    "jobRateLimitExceeded",
    "quotaExceeded",
    "rateLimitExceeded",
    "stopped",
    "tableUnavailable",
    "timeout",
];

/// What BigQuery says, with the reason `invalidQuery`, where two statements change a table at once.
const CONCURRENT: &str = "Could not serialize access";

/// Values that a column refuses, found while rows are written.
const MISFITS: [&str; 3] = ["cannot be null", "NOT NULL", "out of range"];

/// Whether what was named does not exist.
pub(super) fn is_missing(error: &Error) -> bool {
    error.http_status_code() == Some(404)
        || error.status().is_some_and(|status| status.code == Code::NotFound)
}

/// Whether what was to be made exists already.
pub(super) fn is_duplicate(error: &Error) -> bool {
    error.http_status_code() == Some(409)
        || error.status().is_some_and(|status| status.code == Code::AlreadyExists)
}

/// What a failed call means, whatever was called.
pub(super) fn explain(error: Error) -> WarehouseError {
    if is_transient(&error) {
        return WarehouseError::Unavailable(error.into());
    }
    let message = error.status().map(|status| status.message.clone());
    match (error.http_status_code(), message) {
        (Some(400), Some(message)) => WarehouseError::Query(message),
        _ => WarehouseError::Other(error.into()),
    }
}

/// What the end of a failed job means.
pub(super) fn of_job(error: &ErrorProto) -> WarehouseError {
    let ErrorProto { reason, message, .. } = error;
    if LATER.contains(&reason.as_str()) || message.contains(CONCURRENT) {
        return WarehouseError::Unavailable(anyhow!("BigQuery ended the job: {reason}: {message}"));
    }
    if MISFITS.iter().any(|misfit| message.contains(misfit)) {
        return WarehouseError::Incompatible(message.clone());
    }
    if missed_something(error) {
        return WarehouseError::Query(message.clone());
    }
    match reason.as_str() {
        "invalid"
        | "invalidQuery"
        | "bytesBilledLimitExceeded"
        | "resourcesExceeded"
        | "responseTooLarge" => WarehouseError::Query(message.clone()),
        _ => WarehouseError::Other(anyhow!("BigQuery ended the job: {reason}: {message}")),
    }
}

/// Whether a failed job missed a table or dataset. Those who may not see that one is missing are
/// told that they may not query it, "or perhaps it does not exist".
pub(super) fn missed_something(error: &ErrorProto) -> bool {
    error.reason == "notFound"
        || (error.reason == "accessDenied" && error.message.contains("does not exist"))
}

/// What it means that rows were not taken.
pub(super) fn of_append(error: AppendError, table: &Table) -> WarehouseError {
    match error {
        AppendError::Rpc { source, .. } => of_stream(source, table),
        AppendError::RowErrors { row_errors, .. } => {
            let why = row_errors.first().map_or("a row is refused", |row| &row.message);
            fit::misfit(&table.name, why)
        }
        other => WarehouseError::Unavailable(other.into()),
    }
}

/// What it means that a stream of rows could not be opened.
pub(super) fn of_writer(error: WriterBuilderError, table: &Table) -> WarehouseError {
    match error {
        WriterBuilderError::Rpc { source, .. } => of_stream(source, table),
        other => WarehouseError::Other(other.into()),
    }
}

fn of_stream(error: Error, table: &Table) -> WarehouseError {
    match error.status() {
        Some(status) if status.code == Code::NotFound => {
            WarehouseError::NoSuchTable(table.name.clone())
        }
        Some(status) if status.code == Code::InvalidArgument => {
            fit::misfit(&table.name, &status.message)
        }
        _ => explain(error),
    }
}
