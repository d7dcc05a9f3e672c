//! Months of made-up usage: read whole, read again, restated, late.

use jiff::civil::{Date, date};

use super::world::{ANTHROPIC, DAYS, OPENAI, Provider, World, found};

const FROM: Date = date(2026, 4, 1);
const TO: Date = date(2026, 6, 19);

async fn completed(world: &World, provider: Provider, from: Date, to: Date) {
    let run = world.run(provider, from, to).await;
    assert_eq!(run["status"], "COMPLETED", "{run:#}");
}

#[tokio::test]
async fn months_come_in_whole_and_again_without_a_change() {
    for provider in [OPENAI, ANTHROPIC] {
        let world = World::connected(provider).await;
        let run = world.run(provider, FROM, TO).await;
        assert_eq!(run["status"], "COMPLETED", "{run:#}");
        assert!(!found(&run).contains(&"unattributed"), "{run:#}");
        let before = (world.hash(provider.table).await, world.hash("costs_daily").await);
        completed(&world, provider, FROM, TO).await;
        // In parts, too: the days of a run are all that it touches.
        completed(&world, provider, date(2026, 5, 10), date(2026, 5, 20)).await;
        let after = (world.hash(provider.table).await, world.hash("costs_daily").await);
        assert_eq!(before, after, "{}", provider.id);
    }
}

#[tokio::test]
async fn every_cost_of_tokens_finds_its_usage() {
    for (provider, without) in [(OPENAI, "null"), (ANTHROPIC, "null")] {
        let world = World::connected(provider).await;
        completed(&world, provider, FROM, TO).await;
        let rows = world
            .ask(&format!(
                "from {}\nfilter SkuMeter != null\n\
                 aggregate {{ rows = count this, used = count_where (ConsumedQuantity != null), \
                 lone = count_where (ChargeDescription ~= 'unattributed') }}\n",
                provider.table
            ))
            .await;
        let counts: Vec<&str> = rows[0].split('|').collect();
        assert_eq!(counts[0], counts[1], "{rows:?}");
        assert_eq!(counts[2], "0", "{rows:?}");
        assert_ne!(counts[0], without);
    }
}

#[tokio::test]
async fn a_restated_day_takes_the_place_of_the_first() {
    for provider in [OPENAI, ANTHROPIC] {
        let world = World::connected(provider).await;
        completed(&world, provider, FROM, TO).await;
        let (day, others) = (date(2026, 5, 13), date(2026, 5, 14)..date(2026, 6, 20));
        let before = world.billed(provider.table, &(day..date(2026, 5, 14))).await;
        let rest = world.billed(provider.table, &others).await;
        world.sandbox.world.faults.restate(day);
        completed(&world, provider, day, day).await;
        let after = world.billed(provider.table, &(day..date(2026, 5, 14))).await;
        assert_ne!(before, after, "{}", provider.id);
        assert_eq!(world.billed(provider.table, &others).await, rest);
        let daily = world.billed("costs_daily", &DAYS).await;
        assert_eq!(daily, world.billed(provider.table, &DAYS).await);
    }
}

#[tokio::test]
async fn a_day_without_rows_is_emptied_and_a_late_one_filled() {
    let world = World::connected(OPENAI).await;
    completed(&world, OPENAI, FROM, TO).await;
    let (day, before) = (date(2026, 6, 18), world.hash(OPENAI.table).await);
    world.sandbox.world.faults.hold_back(day);
    let run = world.run(OPENAI, day, day).await;
    assert_eq!(run["status"], "COMPLETED", "{run:#}");
    assert!(found(&run).contains(&"no_rows"), "{run:#}");
    assert_eq!(world.billed(OPENAI.table, &(day..date(2026, 6, 19))).await, "null");
    world.sandbox.world.faults.arrive();
    completed(&world, OPENAI, day, day).await;
    assert_eq!(world.hash(OPENAI.table).await, before);
}

#[tokio::test]
async fn what_lines_lack_of_the_providers_own_sum_is_a_line_of_its_own() {
    for provider in [OPENAI, ANTHROPIC] {
        let world = World::connected(provider).await;
        let day = date(2026, 5, 13);
        world.sandbox.world.faults.bill_beside_lines(day);
        let run = world.run(provider, day, day).await;
        assert_eq!(run["status"], "COMPLETED", "{run:#}");
        assert!(found(&run).contains(&"unattributed"), "{run:#}");
        let rows = world
            .ask(&format!(
                "from {}\nfilter SkuId == '{}/unattributed'\n\
                 select {{ChargeDescription, ChargeCategory, BilledCost, BillingCurrency}}\n",
                provider.table, provider.id
            ))
            .await;
        assert_eq!(rows, ["unattributed|Adjustment|1.5|USD"]);
    }
}

#[tokio::test]
async fn estimates_stay_with_usage_and_are_never_a_cost() {
    let world = World::connected(ANTHROPIC).await;
    let day = date(2026, 5, 13);
    completed(&world, ANTHROPIC, day, day).await;
    let guesses = world
        .ask(
            "from llm_usage_raw\nfilter estimated_cost != null\n\
             select {report, estimated_cost, estimated_currency, x_match}\n",
        )
        .await;
    assert_eq!(guesses, ["claude_code|1.23|USD|null"]);
    let raw =
        world.ask("from llm_costs_raw\naggregate { total = sum_known billed_amount }\n").await;
    assert_eq!(world.billed("focus_anthropic", &DAYS).await, raw[0]);
}

#[tokio::test]
async fn a_run_that_names_no_days_reads_those_that_may_have_changed() {
    let world = World::connected(OPENAI).await;
    let run = world.run_with(OPENAI, &serde_json::json!({})).await;
    let now = convergence::clock::Clock::now(&*world.app.clock);
    let today = now.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    assert_eq!(run["end_date"], today.yesterday().unwrap().to_string());
    let first = today.saturating_sub(jiff::ToSpan::days(3));
    assert_eq!(run["start_date"], first.to_string());
}
