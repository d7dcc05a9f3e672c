//! Lines of OpenAI's usage: ten reports, each with meters of its own.

use crate::{
    decimal::Decimal,
    llm::{Line, Report, Strange, Usage},
};

const BY_KEY: &[&str] = &["project_id", "user_id", "api_key_id", "model"];

const fn report(
    name: &'static str,
    path: &'static str,
    group_by: &'static [&'static str],
) -> Report {
    Report { name, path, group_by, days: 31 }
}

/// Every usage report, as finely as it says; 31 days fit a page.
pub(super) const REPORTS: [Report; 10] = [
    report(
        "completions",
        "/v1/organization/usage/completions",
        &["project_id", "user_id", "api_key_id", "model", "batch", "service_tier"],
    ),
    report("embeddings", "/v1/organization/usage/embeddings", BY_KEY),
    report("moderations", "/v1/organization/usage/moderations", BY_KEY),
    report(
        "images",
        "/v1/organization/usage/images",
        &["project_id", "user_id", "api_key_id", "model", "size", "source"],
    ),
    report("audio_speeches", "/v1/organization/usage/audio_speeches", BY_KEY),
    report("audio_transcriptions", "/v1/organization/usage/audio_transcriptions", BY_KEY),
    report("vector_stores", "/v1/organization/usage/vector_stores", &["project_id"]),
    report(
        "code_interpreter_sessions",
        "/v1/organization/usage/code_interpreter_sessions",
        &["project_id"],
    ),
    report(
        "file_search_calls",
        "/v1/organization/usage/file_search_calls",
        &["project_id", "user_id", "api_key_id", "vector_store_id"],
    ),
    report(
        "web_search_calls",
        "/v1/organization/usage/web_search_calls",
        &["project_id", "user_id", "api_key_id", "model", "context_level"],
    ),
];

/// Meters that are one field each: its name, what we call it, its unit.
const PLAIN: [(&str, &str, &str); 7] = [
    ("images", "images", "Images"),
    ("characters", "characters", "Characters"),
    ("seconds", "seconds", "Seconds"),
    ("usage_bytes", "stored_bytes", "Bytes"),
    ("num_sessions", "sessions", "Sessions"),
    ("num_requests", "calls", "Calls"),
    ("num_model_requests", "requests", "Requests"),
];

/// One row per meter that is not nothing.
pub(super) fn read(report: &Report, line: &Line) -> Result<Vec<Usage>, Strange> {
    let mut meters = tokens(line)?;
    for (field, meter, unit) in PLAIN {
        meters.push((meter, line.quantity(field)?, unit));
    }
    meters.retain(|(_, quantity, _)| *quantity != Decimal::ZERO);
    let text = |name: &str| line.text(name).map(str::to_owned);
    let batch = line.fields.get("batch").and_then(serde_json::Value::as_bool) == Some(true);
    let tier = if batch { Some("batch".to_owned()) } else { text("service_tier") };
    let row = |(meter, quantity, unit): (&str, Decimal, &'static str)| Usage {
        project: text("project_id"),
        user: text("user_id"),
        api_key: text("api_key_id"),
        model: text("model"),
        service_tier: tier.clone(),
        meter: meter.to_owned(),
        quantity,
        unit,
        matched_by: matched_by(report, line, meter),
        ..Usage::default()
    };
    Ok(meters.into_iter().map(row).collect())
}

/// Costs name tokens of models only.
fn matched_by(report: &Report, line: &Line, meter: &str) -> Option<String> {
    let of_model = matches!(report.name, "completions" | "embeddings") && meter != "requests";
    let dimensions = ["project_id", "api_key_id", "model"].map(|name| line.text(name));
    let [project, key, model] = dimensions;
    of_model.then(|| Usage::key([project, key, model, None, None, Some(meter)]))
}

/// Tokens, each in one meter. `input_tokens` has the cached, the written, the heard and the seen
/// ones in it, and `input_cached_tokens` has cached ones of every kind, so that parts are taken out
/// of their whole.
fn tokens(line: &Line) -> Result<Vec<(&'static str, Decimal, &'static str)>, Strange> {
    let of = |name: &str| line.quantity(name);
    let (audio_cached, image_cached) =
        (of("input_cached_audio_tokens")?, of("input_cached_image_tokens")?);
    let (cached, written) = (of("input_cached_tokens")?, of("input_cache_write_tokens")?);
    let audio = rest(line, "input_audio_tokens", &[audio_cached])?;
    let image = rest(line, "input_image_tokens", &[image_cached])?;
    let (audio_out, image_out) = (of("output_audio_tokens")?, of("output_image_tokens")?);
    let meters = [
        ("input", rest(line, "input_tokens", &[cached, written, audio, image])?),
        ("cached_input", rest(line, "input_cached_tokens", &[audio_cached, image_cached])?),
        ("cache_write_input", written),
        ("audio_input", audio),
        ("cached_audio_input", audio_cached),
        ("image_input", image),
        ("cached_image_input", image_cached),
        ("output", rest(line, "output_tokens", &[audio_out, image_out])?),
        ("audio_output", audio_out),
        ("image_output", image_out),
    ];
    Ok(meters.into_iter().map(|(meter, quantity)| (meter, quantity, "Tokens")).collect())
}

/// What is left of a whole without its parts.
fn rest(line: &Line, whole: &str, parts: &[Decimal]) -> Result<Decimal, Strange> {
    let mut left = line.quantity(whole)?;
    for part in parts {
        left = left.checked_sub(*part).ok_or_else(|| line.strange(whole, "too many digits"))?;
    }
    if left < Decimal::ZERO {
        return Err(line.strange(whole, "less than the parts of it that are told"));
    }
    Ok(left)
}
