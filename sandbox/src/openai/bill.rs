//! What OpenAI bills for made-up usage.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::{
    Item, World,
    made_up::{Dice, Model, items},
    money::{Pico, number},
};

pub(super) const MODELS: [Model; 3] = [
    Model {
        name: "gpt-4o-2024-08-06",
        input: 2_500_000,
        cached: 1_250_000,
        written: 2_500_000,
        output: 10_000_000,
    },
    Model {
        name: "gpt-4o-mini-2024-07-18",
        input: 150_000,
        cached: 75_000,
        written: 150_000,
        output: 600_000,
    },
    Model {
        name: "o3-2025-04-16",
        input: 2_000_000,
        cached: 500_000,
        written: 2_000_000,
        output: 8_000_000,
    },
];
const DOLLAR: Pico = 1_000_000_000_000;

pub(super) fn project(at: usize) -> String {
    ["proj_search", "proj_support", "proj_research"][at % 3].to_owned()
}

pub(super) fn api_key(item: &Item) -> String {
    format!("key_{}_{}", item.project, item.key)
}

/// Tokens of a kind, what a bill calls them, and what one costs.
fn meters(item: &Item) -> [(&'static str, u64, Pico); 4] {
    let model = MODELS[item.model];
    let price = |price: Pico| if item.batch { price / 2 } else { price };
    [
        ("input", item.input, price(model.input)),
        ("cached input", item.cached, price(model.cached)),
        ("cache write", item.written, price(model.written)),
        ("output", item.output, price(model.output)),
    ]
}

pub(super) fn cost(
    amount: &Value,
    line: Option<&str>,
    of: Option<(&str, &str)>,
    quantity: Option<(u64, &str)>,
) -> Value {
    json!({
        "object": "organization.costs.result",
        "amount": { "value": amount, "currency": "usd" },
        "line_item": line,
        "project_id": of.map(|(project, _)| project),
        "api_key_id": of.map(|(_, key)| key),
        "quantity": quantity.map(|(quantity, _)| quantity),
        "quantity_unit": quantity.map(|(_, unit)| unit),
    })
}

pub(super) fn lines(world: &World, day: Date) -> Vec<Value> {
    let mut lines = Vec::new();
    for item in items(world, "openai", day, MODELS.len()) {
        let (project, key) = (project(item.project), api_key(&item));
        for (what, tokens, price) in meters(&item) {
            let line = format!("{}, {what}", MODELS[item.model].name);
            let (of, amount) = (Some((&*project, &*key)), number(Pico::from(tokens) * price));
            lines.push(cost(&amount, Some(&line), of, Some((tokens, "tokens"))));
        }
    }
    for (line, amount, quantity) in beside(world, day) {
        lines.push(cost(&number(amount), Some(line), None, quantity.map(|it| (it, "calls"))));
    }
    lines
}

/// What is billed beside models: calls of tools, and a credit each month.
fn beside(world: &World, day: Date) -> Vec<(&'static str, Pico, Option<u64>)> {
    if !world.has(day) {
        return Vec::new();
    }
    let calls = file_searches(world, day);
    let mut beside =
        vec![("assistants api | file search", Pico::from(calls) * (DOLLAR / 400), Some(calls))];
    if day.day() == 1 {
        beside.push(("Promotional credit", -25 * DOLLAR, None));
    }
    beside
}

pub(super) fn file_searches(world: &World, day: Date) -> u64 {
    10 + Dice::of(world, "openai/files", day, 0).up_to(400)
}

pub(super) fn own_sum(world: &World, day: Date) -> Vec<Value> {
    let items = items(world, "openai", day, MODELS.len());
    let tokens = items.iter().flat_map(meters).map(|(_, tokens, price)| Pico::from(tokens) * price);
    let beside = beside(world, day).into_iter().map(|(_, amount, _)| amount);
    let extra = if world.faults.is_billed_beside(day) { DOLLAR * 3 / 2 } else { 0 };
    let sum: Pico = tokens.chain(beside).sum::<Pico>() + extra;
    if sum == 0 { Vec::new() } else { vec![cost(&number(sum), None, None, None)] }
}
