//! Usage: every token in one meter, whatever a provider counts within another.

use convergence::llm::{Line, Source as _, anthropic::Anthropic, openai::OpenAi, source};
use jiff::civil::date;
use serde_json::{Value, json};

fn line(fields: Value) -> Line {
    let Value::Object(fields) = fields else { panic!("an object") };
    Line { day: date(2026, 5, 1), fields }
}

fn meters(provider: &str, report: &str, fields: Value) -> Vec<String> {
    let source = source(provider).unwrap();
    let report = source.usage().iter().find(|it| it.name == report).unwrap();
    let rows = source.usages(report, &line(fields)).unwrap();
    rows.iter().map(|row| format!("{} {} {}", row.meter, row.quantity, row.unit)).collect()
}

#[test]
fn openais_cached_tokens_are_taken_out_of_its_input() {
    let fields = json!({
        "input_tokens": 1000, "input_cached_tokens": 400, "input_cache_write_tokens": 50,
        "input_audio_tokens": 100, "input_cached_audio_tokens": 30, "output_tokens": 200,
        "output_audio_tokens": 20, "num_model_requests": 7,
    });
    insta::assert_debug_snapshot!(meters("openai", "completions", fields.clone()), @r#"
    [
        "input 480 Tokens",
        "cached_input 370 Tokens",
        "cache_write_input 50 Tokens",
        "audio_input 70 Tokens",
        "cached_audio_input 30 Tokens",
        "output 180 Tokens",
        "audio_output 20 Tokens",
        "requests 7 Requests",
    ]
    "#);
    // All kinds together are the two wholes.
    let report = &OpenAi.usage()[0];
    let rows = OpenAi.usages(report, &line(fields)).unwrap();
    let tokens = rows.iter().filter(|row| row.unit == "Tokens");
    let sum: i128 = tokens.map(|row| row.quantity.scaled()).sum();
    assert_eq!(sum / 10_i128.pow(18), 1200);
}

#[test]
fn anthropics_kinds_of_tokens_have_nothing_in_common() {
    let fields = json!({
        "uncached_input_tokens": 1000, "cache_read_input_tokens": 400, "output_tokens": 200,
        "cache_creation": { "ephemeral_5m_input_tokens": 50, "ephemeral_1h_input_tokens": 60 },
        "server_tool_use": { "web_search_requests": 3 },
    });
    insta::assert_debug_snapshot!(meters("anthropic", "messages", fields), @r#"
    [
        "uncached_input_tokens 1000 Tokens",
        "cache_read_input_tokens 400 Tokens",
        "cache_creation.ephemeral_5m_input_tokens 50 Tokens",
        "cache_creation.ephemeral_1h_input_tokens 60 Tokens",
        "output_tokens 200 Tokens",
        "web_search_requests 3 Requests",
    ]
    "#);
}

#[test]
fn parts_that_are_more_than_their_whole_are_refused() {
    let report = &OpenAi.usage()[0];
    let fields = json!({ "input_tokens": 10, "input_cached_tokens": 11 });
    let error = OpenAi.usages(report, &line(fields)).unwrap_err();
    insta::assert_snapshot!(error, @"`input_tokens` of a line of 2026-05-01: less than the parts of it that are told");
}

#[test]
fn amounts_that_cannot_be_kept_are_refused_and_long_ones_told() {
    let cost = |value: &str, currency: &str| {
        let text = format!(
            r#"{{"amount":{{"value":{value},"currency":"{currency}"}},"line_item":"gpt-4o, input"}}"#
        );
        OpenAi.cost(&line(serde_json::from_str(&text).unwrap()))
    };
    let exact = cost("123.4567890123456789", "usd").unwrap();
    assert_eq!((exact.amount.to_string().as_str(), exact.residue), ("123.4567890123456789", 0));
    assert!(cost("0.1234567890123456789", "usd").unwrap().residue > 0);
    assert_eq!(cost("1.5e-7", "usd").unwrap().amount.to_string(), "0.00000015");
    let forty = "9".repeat(40);
    insta::assert_snapshot!(cost(&forty, "usd").unwrap_err(), @"`amount.value` of a line of 2026-05-01: too many digits before the point");
    insta::assert_snapshot!(cost("1", "usx").unwrap_err(), @"`currency` of a line of 2026-05-01: there is no such currency");
    insta::assert_snapshot!(cost("\"1\"", "usd").unwrap_err(), @"`amount.value` of a line of 2026-05-01: not a number");
    let cents = json!({ "amount": 12, "currency": "USD" });
    insta::assert_snapshot!(Anthropic.cost(&line(cents)).unwrap_err(), @"`amount` of a line of 2026-05-01: not a text");
}

#[test]
fn a_line_names_its_model_and_meter_or_neither() {
    let parts = |item: &str| {
        let fields = json!({ "amount": { "value": -1, "currency": "usd" }, "line_item": item });
        let cost = OpenAi.cost(&line(fields)).unwrap();
        (cost.model.unwrap_or_default(), cost.meter.unwrap_or_default(), cost.category)
    };
    assert_eq!(parts("gpt-4o, cached input"), ("gpt-4o".into(), "cached_input".into(), "Usage"));
    assert_eq!(parts("gpt-4o, dreams"), (String::new(), String::new(), "Usage"));
    assert_eq!(parts("Promotional credit"), (String::new(), String::new(), "Credit"));
}
