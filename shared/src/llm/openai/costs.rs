//! Lines of OpenAI's costs.

use serde_json::Value;

use crate::{
    decimal::{Decimal, Reading},
    llm::{Cost, Line, Strange},
};

/// What stands behind the model in a `line_item` whose usage is told elsewhere, and what usage
/// calls it.
const METERS: [(&str, &str); 8] = [
    ("input", "input"),
    ("cached input", "cached_input"),
    ("cache write", "cache_write_input"),
    ("output", "output"),
    ("audio input", "audio_input"),
    ("audio output", "audio_output"),
    ("image input", "image_input"),
    ("image output", "image_output"),
];

/// Reads a line. Its amount is a JSON number, taken as the text that it is.
pub(super) fn read(line: &Line) -> Result<Cost, Strange> {
    let amount = line.object("amount");
    let Reading { value, residue, .. } = amount_of(line, amount.and_then(|it| it.get("value")))?;
    let currency = amount.and_then(|it| it.get("currency")).and_then(Value::as_str);
    let item = line.text("line_item").unwrap_or("costs");
    let (model, meter) = parts(item);
    let quantity = line.fields.get("quantity").filter(|it| !it.is_null());
    let quantity = quantity.map(|it| line.quantity_of(Some(it), "quantity")).transpose()?;
    let credit = value < Decimal::ZERO && item.to_lowercase().contains("credit");
    Ok(Cost {
        day: line.day,
        line_item: item.to_owned(),
        project: line.text("project_id").map(str::to_owned),
        api_key: line.text("api_key_id").map(str::to_owned),
        model: model.map(str::to_owned),
        meter: meter.map(str::to_owned),
        service_tier: None,
        context_window: None,
        geo: None,
        category: if credit { "Credit" } else { "Usage" },
        amount: value,
        residue,
        currency: line.currency(currency.unwrap_or_default())?,
        unit: quantity.is_some().then(|| unit(line.text("quantity_unit"), meter)),
        quantity,
        fields: line.json(),
    })
}

fn amount_of(line: &Line, value: Option<&Value>) -> Result<Reading, Strange> {
    let Some(Value::Number(number)) = value else {
        return Err(line.strange("amount.value", "not a number"));
    };
    let text = number.to_string();
    Decimal::read(text.as_bytes()).map_err(|error| line.strange("amount.value", error))
}

/// The model and the meter that a `line_item` names, where it does: `gpt-4o, cached input`.
fn parts(item: &str) -> (Option<&str>, Option<&'static str>) {
    let Some((model, what)) = item.rsplit_once(", ") else { return (None, None) };
    let meter = METERS.iter().find(|(words, _)| *words == what).map(|(_, meter)| *meter);
    (meter.is_some().then_some(model), meter)
}

/// What a quantity is counted in, as FOCUS writes units; what is not said of tokens is theirs.
fn unit(said: Option<&str>, meter: Option<&str>) -> String {
    match said {
        Some("tokens") => "Tokens".to_owned(),
        Some("1000_tokens") => "1000 Tokens".to_owned(),
        Some("images") => "Images".to_owned(),
        Some("characters") => "Characters".to_owned(),
        Some("duration_seconds") => "Seconds".to_owned(),
        Some("duration_minutes") => "Minutes".to_owned(),
        Some("duration_hours") => "Hours".to_owned(),
        Some("gibibyte_hours") => "GiB-Hours".to_owned(),
        Some(other) => other.to_owned(),
        None if meter.is_some() => "Tokens".to_owned(),
        None => "Units".to_owned(),
    }
}
