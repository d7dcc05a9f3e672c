//! What Anthropic bills for made-up usage.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::{
    Item, World,
    made_up::{Dice, Model, items},
    money::{Pico, cents},
};

pub(super) const MODELS: [Model; 3] = [
    Model {
        name: "claude-opus-4-6",
        input: 5_000_000,
        cached: 500_000,
        written: 6_250_000,
        output: 25_000_000,
    },
    Model {
        name: "claude-sonnet-4-5",
        input: 3_000_000,
        cached: 300_000,
        written: 3_750_000,
        output: 15_000_000,
    },
    Model {
        name: "claude-haiku-4",
        input: 1_000_000,
        cached: 100_000,
        written: 1_250_000,
        output: 5_000_000,
    },
];
pub(super) const CENT: Pico = 10_000_000_000;

/// The first is the default one, which has no id.
pub(super) fn workspace(at: usize) -> Option<&'static str> {
    [None, Some("wrkspc_product"), Some("wrkspc_research")][at % 3]
}

pub(super) fn tier(item: &Item) -> &'static str {
    if item.batch { "batch" } else { "standard" }
}

/// Kinds of tokens, and what one costs.
fn meters(item: &Item) -> [(&'static str, u64, Pico); 4] {
    let model = MODELS[item.model];
    let price = |price: Pico| if item.batch { price / 2 } else { price };
    [
        ("uncached_input_tokens", item.input, price(model.input)),
        ("cache_read_input_tokens", item.cached, price(model.cached)),
        ("cache_creation.ephemeral_5m_input_tokens", item.written, price(model.written)),
        ("output_tokens", item.output, price(model.output)),
    ]
}

/// A line of the bill.
pub(super) struct Billed {
    pub(super) amount: Pico,
    line: Value,
}

pub(super) fn billed(world: &World, day: Date) -> Vec<Billed> {
    let mut billed = Vec::new();
    for item in items(world, "anthropic", day, MODELS.len()) {
        let (model, workspace) = (MODELS[item.model].name, workspace(item.project));
        for (meter, tokens, price) in meters(&item) {
            let line = json!({
                "currency": "USD", "cost_type": "tokens", "token_type": meter, "model": model,
                "workspace_id": workspace, "service_tier": tier(&item), "context_window": "0-200k",
                "description": format!("{model} Usage - {meter}"),
            });
            billed.push(Billed { amount: Pico::from(tokens) * price, line });
        }
    }
    billed.extend(tools(world, day));
    billed
}

/// Searches, which usage counts too, and code, which only the bill knows.
fn tools(world: &World, day: Date) -> Vec<Billed> {
    if !world.has(day) {
        return Vec::new();
    }
    let line = |kind: &str, words: &str| {
        json!({
            "currency": "USD", "cost_type": kind, "token_type": null, "model": MODELS[0].name,
            "workspace_id": workspace(1), "service_tier": null, "context_window": null,
            "description": words,
        })
    };
    let (searches, code) =
        (searches(world, day), Dice::of(world, "anthropic/code", day, 0).up_to(90));
    vec![
        Billed {
            amount: Pico::from(searches) * CENT,
            line: line("web_search", "Web Search Usage"),
        },
        Billed {
            amount: Pico::from(code) * CENT * 5,
            line: line("code_execution", "Code Execution Usage"),
        },
    ]
}

pub(super) fn searches(world: &World, day: Date) -> u64 {
    5 + Dice::of(world, "anthropic/searches", day, 0).up_to(300)
}

pub(super) fn lines(world: &World, day: Date) -> Vec<Value> {
    let lines = billed(world, day).into_iter().map(|Billed { amount, mut line }| {
        line["amount"] = cents(amount);
        line
    });
    lines.collect()
}

pub(super) fn own_sum(amount: &Value) -> Value {
    json!({
        "currency": "USD", "amount": amount, "cost_type": null, "token_type": null, "model": null,
        "workspace_id": null, "service_tier": null, "context_window": null, "description": null,
    })
}
