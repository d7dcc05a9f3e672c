//! Captured pages: what they bill, what is joined to it, and what nothing is joined to.

use std::path::Path;

use jiff::civil::date;
use sandbox::World as Made;
use serde_json::Value;

use super::world::{ANTHROPIC, DAYS, OPENAI, Provider, World};

fn read(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(path);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A sandbox that answers what was captured of a provider.
fn made(provider: Provider, costs: &str, reports: &[&str]) -> Made {
    let mut made = Made::new(DAYS);
    for month in ["2026-05", "2026-06"] {
        let mut add = |report: &str, file: String| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(&file);
            if path.exists() {
                let buckets = read(&file).as_array().unwrap().clone();
                let key = format!("{}/{report}", provider.id);
                made.captured.entry(key).or_default().extend(buckets);
            }
        };
        add(costs, format!("{}/{month}.json", provider.id));
        for report in reports {
            add(report, format!("openai/{month}.usage.{report}.json"));
        }
        add("messages", format!("anthropic/{month}.usage.json"));
    }
    made
}

async fn loaded(provider: Provider) -> World {
    let reports = [
        "completions",
        "images",
        "audio_speeches",
        "audio_transcriptions",
        "vector_stores",
        "code_interpreter_sessions",
        "file_search_calls",
        "web_search_calls",
    ];
    let made = match provider.id {
        "openai" => made(provider, "costs", &reports),
        _ => made(provider, "cost_report", &[]),
    };
    let world = World::of(made).await;
    let _ = world.connect(provider, provider.key).await.expect(201);
    let run = world.run(provider, date(2026, 5, 1), date(2026, 6, 30)).await;
    assert_eq!(run["status"], "COMPLETED", "{run:#}");
    let failed = run["checks"].as_array().unwrap().iter().filter(|check| check["passed"] == false);
    assert_eq!(failed.filter(|check| check["rule"] == "reconciles").count(), 0, "{run:#}");
    world
}

/// Totals by month, currency and category.
async fn totals(world: &World, table: &str) -> Vec<String> {
    world
        .ask(&format!(
            "from {table}\ngroup {{x_billing_month, BillingCurrency, ChargeCategory}} \
             (aggregate {{ total = sum_known BilledCost }})\n\
             sort {{x_billing_month, ChargeCategory}}\n"
        ))
        .await
}

#[tokio::test]
async fn totals_are_those_that_python_computes() {
    let figures = read("llm_totals.json");
    for provider in [OPENAI, ANTHROPIC] {
        let world = loaded(provider).await;
        let expected: Vec<_> = figures[provider.id]
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, total)| {
                let mut parts = key.split(' ');
                let month = parts.next().unwrap();
                let rest: Vec<_> = parts.collect();
                format!("{month}-01|{}|{}", rest.join("|"), total.as_str().unwrap())
            })
            .collect();
        assert_eq!(totals(&world, provider.table).await, expected, "{}", provider.id);
    }
}

#[tokio::test]
async fn costs_get_the_usage_that_is_theirs_and_no_other() {
    let world = loaded(ANTHROPIC).await;
    let rows = world
        .ask(
            "from focus_anthropic\nfilter x_charge_date == @2026-05-01\n\
             sort {ChargeDescription, SubAccountId}\n\
             select {ChargeDescription, SubAccountId, BilledCost, ConsumedQuantity, ConsumedUnit}\n",
        )
        .await;
    insta::assert_debug_snapshot!(rows, @r#"
    [
        "Claude Haiku 4 Batch Usage - Input Tokens|wrkspc_beta|20|500000|Tokens",
        "Claude Opus 4 - Session Usage|wrkspc_alpha|5|null|null",
        "Claude Opus 4 Usage - Cache Read|wrkspc_alpha|4|300000|Tokens",
        "Claude Opus 4 Usage - Cache Write 5m|wrkspc_alpha|8|100000|Tokens",
        "Claude Opus 4 Usage - Input Tokens|wrkspc_alpha|12.345678|1500000|Tokens",
        "Claude Sonnet 4.5 Usage - Output Tokens|wrkspc_beta|65|2000000|Tokens",
    ]
    "#);
}

#[tokio::test]
async fn what_the_bill_names_and_usage_does_not_have_is_unattributed_with_its_amount() {
    let world = loaded(OPENAI).await;
    let rows = world
        .ask(
            "from focus_openai\nsort {x_charge_date, ChargeDescription}\n\
             select {x_charge_date, ChargeDescription, ChargeCategory, BilledCost, ConsumedQuantity, ConsumedUnit, SkuId, SkuMeter}\n",
        )
        .await;
    insta::assert_debug_snapshot!(rows, @r#"
    [
        "2026-05-01|gpt-4o, cached input (unattributed)|Usage|2|900000|Tokens|openai/gpt-4o|cached_input",
        "2026-05-01|gpt-4o, input (unattributed)|Usage|12.5|1500000|Tokens|openai/gpt-4o|input",
        "2026-05-01|gpt-4o, output (unattributed)|Usage|123.4567890123456789|1234567890123456789|Tokens|openai/gpt-4o|output",
        "2026-05-02|Promotional credit|Credit|-3.25|null|null|openai/Promotional credit|null",
        "2026-05-02|assistants api | file search|Usage|5|42|Units|openai/assistants api | file search|null",
        "2026-06-01|gpt-4.1, input (unattributed)|Usage|45.6789|3000000|Tokens|openai/gpt-4.1|input",
        "2026-06-02|o3, input (unattributed)|Usage|7|500000|Tokens|openai/o3|input",
    ]
    "#);
}
