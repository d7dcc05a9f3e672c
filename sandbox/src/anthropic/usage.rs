//! What Anthropic says was used.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::bill::{MODELS, searches, tier, workspace};
use crate::{Item, World, made_up::items};

/// What the bill is for, and the Priority Tier, which it never has. Two keys share the last
/// workspace, so that nobody can tell whose a cost there is.
pub(super) fn usage(world: &World, day: Date) -> Vec<Value> {
    let mut rows = Vec::new();
    for item in items(world, "anthropic", day, MODELS.len()) {
        let keys = if item.project == 2 { vec!["apikey_a", "apikey_b"] } else { vec!["apikey_c"] };
        for (at, key) in keys.iter().enumerate() {
            let share = |tokens: u64| match (keys.len(), at) {
                (1, _) => tokens,
                (_, 0) => tokens / 3,
                _ => tokens - tokens / 3,
            };
            rows.push(message(&item, (key, tier(&item)), &share));
        }
        if item.project == 0 {
            rows.push(message(&item, ("apikey_c", "priority"), &|tokens| tokens / 7));
        }
    }
    if world.has(day) {
        rows.push(json!({
            "model": MODELS[0].name, "workspace_id": workspace(1), "api_key_id": "apikey_c",
            "service_tier": "standard", "context_window": "0-200k", "inference_geo": "global",
            "server_tool_use": { "web_search_requests": searches(world, day) },
        }));
    }
    rows
}

fn message(item: &Item, (key, tier): (&str, &str), share: &dyn Fn(u64) -> u64) -> Value {
    json!({
        "model": MODELS[item.model].name,
        "workspace_id": workspace(item.project),
        "api_key_id": key,
        "service_tier": tier,
        "context_window": "0-200k",
        "inference_geo": "global",
        "uncached_input_tokens": share(item.input),
        "cache_read_input_tokens": share(item.cached),
        "cache_creation": {
            "ephemeral_5m_input_tokens": share(item.written), "ephemeral_1h_input_tokens": 0,
        },
        "output_tokens": share(item.output),
        "server_tool_use": { "web_search_requests": 0 },
    })
}

pub(super) fn coded(day: Date) -> Value {
    json!({
        "date": format!("{day}T00:00:00Z"),
        "actor": { "type": "user_actor", "email_address": "ada@example.com" },
        "core_metrics": { "num_sessions": 3 },
        "model_breakdown": [{
            "model": MODELS[1].name,
            "tokens": { "input": 10_000, "output": 4_000, "cache_read": 90_000, "cache_creation": 8_000 },
            "estimated_cost": { "amount": 123, "currency": "USD" },
        }],
    })
}
