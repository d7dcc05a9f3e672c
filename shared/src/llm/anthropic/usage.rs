//! Lines of Anthropic's usage reports.

use serde_json::{Map, Value};

use crate::{
    decimal::Decimal,
    llm::{Line, Report, Strange, Usage, cents},
};

/// The report of what people did with Claude Code, a day at a time.
pub(super) const CLAUDE_CODE: &str = "claude_code";

/// Every usage report, as finely as it says.
pub(super) const REPORTS: [Report; 2] = [
    Report {
        name: "messages",
        path: "/v1/organizations/usage_report/messages",
        group_by: &[
            "api_key_id",
            "workspace_id",
            "model",
            "service_tier",
            "context_window",
            "inference_geo",
        ],
        days: 31,
    },
    Report {
        name: CLAUDE_CODE,
        path: "/v1/organizations/usage_report/claude_code",
        group_by: &[],
        days: 1,
    },
];

/// One row per meter that is not nothing. Anthropic's kinds of tokens have nothing in common, so
/// none is taken out of another.
pub(super) fn read(report: &Report, line: &Line) -> Result<Vec<Usage>, Strange> {
    if report.name == CLAUDE_CODE { claude_code(line) } else { messages(line) }
}

fn messages(line: &Line) -> Result<Vec<Usage>, Strange> {
    let within = |object: &str, name: &str| {
        line.quantity_of(line.object(object).and_then(|it| it.get(name)), name)
    };
    let meters = [
        ("uncached_input_tokens", line.quantity("uncached_input_tokens")?),
        ("cache_read_input_tokens", line.quantity("cache_read_input_tokens")?),
        (
            "cache_creation.ephemeral_5m_input_tokens",
            within("cache_creation", "ephemeral_5m_input_tokens")?,
        ),
        (
            "cache_creation.ephemeral_1h_input_tokens",
            within("cache_creation", "ephemeral_1h_input_tokens")?,
        ),
        ("output_tokens", line.quantity("output_tokens")?),
        ("web_search_requests", within("server_tool_use", "web_search_requests")?),
    ];
    let some = meters.into_iter().filter(|(_, quantity)| *quantity != Decimal::ZERO);
    Ok(some.map(|(meter, quantity)| message(line, meter, quantity)).collect())
}

fn message(line: &Line, meter: &'static str, quantity: Decimal) -> Usage {
    let own = |name: &str| line.text(name).map(str::to_owned);
    let (model, workspace) = (line.text("model"), line.text("workspace_id"));
    let (tier, window) = (line.text("service_tier"), line.text("context_window"));
    let requests = meter == "web_search_requests";
    // Searches are billed whatever tier and window the request had.
    let priced = if requests { (None, None) } else { (tier, window) };
    Usage {
        project: own("workspace_id"),
        user: own("account_id").or_else(|| own("service_account_id")),
        api_key: own("api_key_id"),
        model: own("model"),
        service_tier: own("service_tier"),
        context_window: own("context_window"),
        geo: own("inference_geo"),
        meter: meter.to_owned(),
        quantity,
        unit: if requests { "Requests" } else { "Tokens" },
        matched_by: Some(Usage::key([workspace, None, model, priced.0, priced.1, Some(meter)])),
        estimate: None,
    }
}

/// What one person did with each model. The same tokens are in the other report, as far as they
/// are billed, so costs do not look for these.
fn claude_code(line: &Line) -> Result<Vec<Usage>, Strange> {
    let actor = line.object("actor");
    let named = |name: &str| actor.and_then(|it| it.get(name)).and_then(Value::as_str);
    let user = named("email_address").or_else(|| named("api_key_name")).map(str::to_owned);
    let models = line.fields.get("model_breakdown").and_then(Value::as_array);
    let mut rows = Vec::new();
    for model in models.into_iter().flatten().filter_map(Value::as_object) {
        let tokens = model.get("tokens").and_then(Value::as_object);
        let mut estimate = estimated(line, model)?;
        for (field, meter) in [
            ("input", "uncached_input_tokens"),
            ("cache_read", "cache_read_input_tokens"),
            ("cache_creation", "cache_creation"),
            ("output", "output_tokens"),
        ] {
            let quantity = line.quantity_of(tokens.and_then(|it| it.get(field)), field)?;
            if quantity == Decimal::ZERO && estimate.is_none() {
                continue;
            }
            rows.push(Usage {
                user: user.clone(),
                model: model.get("model").and_then(Value::as_str).map(str::to_owned),
                meter: meter.to_owned(),
                quantity,
                unit: "Tokens",
                // Once for the model, not once for each meter.
                estimate: estimate.take(),
                ..Usage::default()
            });
        }
    }
    Ok(rows)
}

/// The provider's guess, in cents too.
fn estimated(
    line: &Line,
    model: &Map<String, Value>,
) -> Result<Option<(Decimal, String)>, Strange> {
    let cost = model.get("estimated_cost").and_then(Value::as_object);
    let amount = match cost.and_then(|it| it.get("amount")) {
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text.clone(),
        _ => return Ok(None),
    };
    let read = cents(&amount).map_err(|error| line.strange("estimated_cost", error))?;
    let currency = cost.and_then(|it| it.get("currency")).and_then(Value::as_str);
    Ok(Some((read.value, line.currency(currency.unwrap_or("USD"))?)))
}
