//! What OpenAI says was used.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::bill::{MODELS, api_key, file_searches, project};
use crate::{Item, World};

/// A key's requests are of two people.
pub(super) fn completions(item: &Item) -> Vec<Value> {
    let third = |tokens: u64| tokens / 3;
    let rest = |tokens: u64| tokens - third(tokens);
    let row = |user: &str, share: &dyn Fn(u64) -> u64| {
        let (input, cached, written) = (share(item.input), share(item.cached), share(item.written));
        json!({
            "object": "organization.usage.completions.result",
            "project_id": project(item.project),
            "user_id": user,
            "api_key_id": api_key(item),
            "model": MODELS[item.model].name,
            "batch": item.batch,
            "service_tier": "default",
            "input_tokens": input + cached + written,
            "input_cached_tokens": cached,
            "input_cache_write_tokens": written,
            "output_tokens": share(item.output),
            "num_model_requests": share(item.requests),
        })
    };
    vec![row("user-ada", &third), row("user-grace", &rest)]
}

pub(super) fn other_usage(world: &World, report: &str, day: Date) -> Vec<Value> {
    if report != "file_search_calls" || !world.has(day) {
        return Vec::new();
    }
    vec![json!({
        "object": "organization.usage.file_searches.result",
        "project_id": null, "user_id": null, "api_key_id": null, "vector_store_id": null,
        "num_requests": file_searches(world, day),
    })]
}
