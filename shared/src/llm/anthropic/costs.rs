//! Lines of Anthropic's cost report.

use crate::{
    decimal::{Decimal, Reading},
    llm::{Cost, Line, Strange, cents},
};

/// Reads a line. Its amount is a text of cents.
pub(super) fn read(line: &Line) -> Result<Cost, Strange> {
    let text = line.text("amount").ok_or_else(|| line.strange("amount", "not a text"))?;
    let Reading { value, residue, .. } =
        cents(text).map_err(|error| line.strange("amount", error))?;
    let own = |name: &str| line.text(name).map(str::to_owned);
    let item = own("description").or_else(|| own("cost_type"));
    let item = item.unwrap_or_else(|| "costs".to_owned());
    let credit = value < Decimal::ZERO && item.to_lowercase().contains("credit");
    Ok(Cost {
        day: line.day,
        line_item: item,
        project: own("workspace_id"),
        api_key: None,
        model: own("model"),
        meter: meter(line),
        service_tier: own("service_tier"),
        context_window: own("context_window"),
        geo: own("inference_geo"),
        category: if credit { "Credit" } else { "Usage" },
        amount: value,
        residue,
        currency: line.currency(line.text("currency").unwrap_or_default())?,
        quantity: None,
        unit: None,
        fields: line.json(),
    })
}

/// What usage calls it: kinds of tokens and web searches are metered, the rest is billed only.
fn meter(line: &Line) -> Option<String> {
    match line.text("cost_type") {
        Some("web_search") => Some("web_search_requests".to_owned()),
        Some("tokens") | None => line.text("token_type").map(str::to_owned),
        Some(_) => None,
    }
}
