//! `GET /api/v1/costs/{org}/export`

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use convergence::{
    Result,
    auth::{Access, permit::ReadCosts},
    costs::{
        Costs,
        export::{ExportAsked, Format},
    },
    focus::Version,
    http::Query,
};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use utoipa::IntoParams;

use crate::params::{Params, RangeParams};

/// What file is made.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Params` reads")]
pub(crate) struct FileParams {
    /// `csv`, `jsonl` or `parquet`.
    #[param(example = "csv")]
    format: String,
    /// The columns of this FOCUS version alone, `1.0` to `1.4`; all that are kept unless given.
    #[param(example = "1.2")]
    focus_version: Option<String>,
}

/// FOCUS rows as a file, streamed.
#[utoipa::path(
    get,
    path = "/api/v1/costs/{org}/export",
    tag = "costs",
    params(("org" = String, Path, description = "The organization"), RangeParams, FileParams),
    security(("root_key" = []), ("api_key" = [])),
    responses((status = 200, content(
        (Vec<u8> = "text/csv"), (Vec<u8> = "application/jsonl"),
        (Vec<u8> = "application/vnd.apache.parquet"),
    )))
)]
pub(crate) async fn export(
    access: Access<ReadCosts>,
    State(costs): State<Arc<Costs>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let mut params = Params::new(pairs);
    let range = params.range(costs.this_month(&access.organization)?);
    let format = Format::named(&params.text("format").unwrap_or_default());
    let format = format.unwrap_or_else(|| {
        params.wrong("format", "say which: `csv`, `jsonl` or `parquet`");
        Format::Csv
    });
    let read = |text: &str| text.parse().ok().filter(|it| Version::READ.contains(it)).map(Some);
    let version = params.read("focus_version", None, read, "1.0, 1.1, 1.2, 1.3 or 1.4");
    let filters = params.filters(costs.columns());
    params.finish()?;
    let asked = ExportAsked { range, filters, format, version };
    let file = costs.export(&access.org, &asked).await?;
    let name = format!(
        "attachment; filename=\"{}-{}-{}.{}\"",
        access.org.as_str(),
        range.start_date,
        range.end_date,
        format.extension()
    );
    let headers = [(CONTENT_TYPE, format.media_type().to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(file)).into_response())
}
