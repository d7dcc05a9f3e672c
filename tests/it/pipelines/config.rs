//! Configs: every mistake at once, with file, line and what was expected.

use convergence::{
    configs::Configs,
    pipeline::{Plans, config::Problem, plan::PipelineName},
};
use insta::assert_snapshot;

const FOCUS: &str = r#"{"fields":[
    {"name":"BilledCost","type":"BIGNUMERIC","mode":"REQUIRED"},
    {"name":"x_source_id","type":"STRING"}]}"#;
const RAW: &str = r#"{"fields":[
    {"name":"day","type":"DATE","mode":"REQUIRED"},
    {"name":"invoiced","type":"DATE"},
    {"name":"cost","type":"BIGNUMERIC"},
    {"name":"currency","type":"STRING"}]}"#;
const NOTES: &str = r#"{"fields":[{"name":"cost","type":"STRING"}]}"#;

fn configs(yaml: &str) -> Configs {
    Configs::of(
        [
            ("setup/organization/focus.json", FOCUS),
            ("setup/organization/acme_raw.json", RAW),
            ("setup/organization/costs_daily.json", RAW),
            ("setup/organization/notes_raw.json", NOTES),
            ("acme/cost/to_focus.prql", "from acme_raw\nselect {cost}\n"),
            ("acme/cost/broken.prql", "from acme_raw | select {\n"),
            ("acme/cost/daily.yml", yaml),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned())),
    )
}

fn mistakes(yaml: &str) -> String {
    let Err(problems) = Plans::check(&configs(yaml)) else { return String::new() };
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

const GOOD: &str = r#"
description: Costs of Acme
provider: acme
parameters: { input: { type: file } }
schedule: { cron: "30 4 * * *", lookback_days: 7 }
steps:
  - id: check
    needs: [to_focus]
    processor: quality
    table: focus_acme
    rules:
      - { not_null: [BilledCost] }
      - reconciles: { with: acme_raw, columns: [cost], tolerance: "0" }
  - id: extract
    processor: extract
    into: acme_raw
    day: day
    month: invoiced
    timeout_seconds: 60
    retry: { attempts: 5, wait_seconds: 1 }
  - id: to_focus
    needs: [extract]
    processor: transform
    prql: to_focus.prql
    into: focus_acme
"#;

#[test]
fn a_good_file_becomes_a_plan_whose_steps_come_after_what_they_need() {
    let plans = Plans::check(&configs(GOOD)).unwrap();
    let plan = plans.get(&PipelineName::new("acme/cost/daily")).unwrap();
    let steps: Vec<_> = plan.steps.iter().map(|s| (s.id.as_str(), s.needs.clone())).collect();
    assert_eq!(steps, [("extract", vec![]), ("to_focus", vec![0]), ("check", vec![1])]);
    assert_eq!(plan.steps[0].retry.attempts, 5);
    assert_eq!(plan.steps[0].timeout.as_secs(), 60);
    assert!(plan.takes_input() && !plan.takes_dates());
}

#[test]
fn an_unknown_pipeline_names_those_that_exist() {
    let plans = Plans::check(&configs(GOOD)).unwrap();
    let error = plans.get(&PipelineName::new("acme/cost/dialy")).unwrap_err();
    assert_snapshot!(error, @"there is no pipeline `acme/cost/dialy`; there are: acme/cost/daily");
}

#[test]
fn every_mistake_is_said_at_once_with_its_line() {
    let yaml = r#"
description: Costs of Acme
provider: acmee
parameter: {}
parameters: { start_date: { type: day }, inputs: { type: file } }
schedule: { cron: "61 4 * *", lookback_days: -1 }
window: { unit: week, max: 1 }
steps:
  - id: extract
    processor: extrakt
    into: acme_raw
  - id: extract
    processor: extract
    into: acme_rows
    day: day
    formats: xls
  - id: to_focus
    needs: [extract, nothing]
    processor: transform
    prql: missing.prql
    into: focus_acme
    timeout_seconds: 0
    retry: { attempts: 0, wait: 1 }
    colour: blue
  - processor: transform
    prql: broken.prql
    into: focus_acme
  - id: check
    processor: quality
    table: focus_acme
    rules:
      - { not_nul: [BilledCost] }
      - { not_null: [BiledCost] }
      - reconciles: { with: acme_raw, columns: [cost], tolerance: 0 }
  - id: sum
    processor: rollup
    from: costs_daily
    into: acme_raw
"#;
    assert_snapshot!(mistakes(yaml), @r#"
    configs/acme/cost/daily.yml:3: the provider is `acme`, as the folder says, not `acmee`
    configs/acme/cost/daily.yml:4: a pipeline has no `parameter`; it has `description`, `provider`, `parameters`, `schedule`, `window`, `steps`
    configs/acme/cost/daily.yml:5: `start_date` and `end_date` come together
    configs/acme/cost/daily.yml:5: `start_date` is of type `date`
    configs/acme/cost/daily.yml:5: there is no parameter `inputs`; there are `start_date`, `end_date` and `input`
    configs/acme/cost/daily.yml:6: `61 4 * *` is no cron of five fields (minute, hour, day, month, weekday): Invalid pattern: Pattern must have between 5 and 7 fields.
    configs/acme/cost/daily.yml:6: `lookback_days` is a whole number from 0 to 366
    configs/acme/cost/daily.yml:7: a window's unit is `day` or `month`, not `week`
    configs/acme/cost/daily.yml:10: there is no processor `extrakt`; there are `extract`, `focus`, `gcp.billing`, `llm.costs`, `llm.usage`, `transform`, `quality`, `rollup`, `saas.subscriptions`
    configs/acme/cost/daily.yml:12: the id `extract` is taken by an earlier step
    configs/acme/cost/daily.yml:12: this step reads a file, but the pipeline has no parameter `input`
    configs/acme/cost/daily.yml:14: `acme_rows` is no raw table: those end in `_raw`
    configs/acme/cost/daily.yml:14: there is no table `acme_rows` in configs/setup/organization; there are acme_raw, costs_daily, notes_raw and `focus_{provider}`
    configs/acme/cost/daily.yml:16: a step has no `formats`; it has `id`, `needs`, `timeout_seconds`, `retry`, `processor`, `into`, `day`, `month`
    configs/acme/cost/daily.yml:18: it needs `nothing`, which is no step; there are `check`, `extract`, `sum`, `to_focus`
    configs/acme/cost/daily.yml:20: there is no file `configs/acme/cost/missing.prql`
    configs/acme/cost/daily.yml:22: `timeout_seconds` is a whole number from 1 to 3600
    configs/acme/cost/daily.yml:23: `attempts` is a whole number from 1 to 10
    configs/acme/cost/daily.yml:23: a retry has no `wait`; it has `attempts`, `wait_seconds`
    configs/acme/cost/daily.yml:24: a step has no `colour`; it has `id`, `needs`, `timeout_seconds`, `retry`, `processor`, `prql`, `into`
    configs/acme/cost/daily.yml:25: this step lacks `id`
    configs/acme/cost/daily.yml:26: `broken.prql` does not compile: Expected one of doc comment, function call, function definition, new line or something else, but didn't find anything before the end.
    configs/acme/cost/daily.yml:32: a rule has no `not_nul`; it has `not_null`, `min_rows`, `focus_conformance`, `accepted`, `reconciles`
    configs/acme/cost/daily.yml:33: table `focus_acme` has no column `BiledCost`
    configs/acme/cost/daily.yml:34: `tolerance` is text, this is a number
    configs/acme/cost/daily.yml:37: `costs_daily` is no `focus_{provider}` table
    configs/acme/cost/daily.yml:38: a rollup goes into `costs_daily`, not `acme_raw`
    "#);
}

#[test]
fn circles_name_their_steps() {
    let yaml = r"
description: Costs of Acme
provider: acme
steps:
  - { id: a, needs: [c], processor: rollup, from: focus_acme, into: costs_daily }
  - { id: b, needs: [a], processor: rollup, from: focus_acme, into: costs_daily }
  - { id: c, needs: [b], processor: rollup, from: focus_acme, into: costs_daily }
  - { id: d, needs: [d], processor: rollup, from: focus_acme, into: costs_daily }
";
    assert_snapshot!(mistakes(yaml), @"
    configs/acme/cost/daily.yml:5: these steps wait for each other: a needs c needs b needs a
    configs/acme/cost/daily.yml:8: these steps wait for each other: d needs d
    ");
}

#[test]
fn circles_that_share_a_step_are_all_named() {
    let yaml = r"
description: Costs of Acme
provider: acme
steps:
  - { id: a, needs: [b], processor: rollup, from: focus_acme, into: costs_daily }
  - { id: b, needs: [a, c], processor: rollup, from: focus_acme, into: costs_daily }
  - { id: c, needs: [b], processor: rollup, from: focus_acme, into: costs_daily }
";
    assert_snapshot!(mistakes(yaml), @"
    configs/acme/cost/daily.yml:5: these steps wait for each other: a needs b needs a
    configs/acme/cost/daily.yml:6: these steps wait for each other: b needs c needs b
    ");
}

#[test]
fn a_reconciliation_needs_amounts_a_currency_and_focus_rows() {
    let yaml = r#"
description: Costs of Acme
provider: acme
steps:
  - id: check
    processor: quality
    table: acme_raw
    rules:
      - focus_conformance: true
      - reconciles:
          with: notes_raw
          columns: [cost, costs]
          tolerance: "0"
"#;
    assert_snapshot!(mistakes(yaml), @"
    configs/acme/cost/daily.yml:7: `acme_raw` is no `focus_{provider}` table
    configs/acme/cost/daily.yml:11: `notes_raw` has no text column `currency`, which is needed
    configs/acme/cost/daily.yml:12: `cost` is no amount: it is no BIGNUMERIC
    configs/acme/cost/daily.yml:12: table `notes_raw` has no column `costs`
    ");
}

#[test]
fn what_is_no_pipeline_at_all_is_refused_too() {
    assert_snapshot!(mistakes("- a\n- b\n"), @"
    configs/acme/cost/daily.yml:1: a pipeline has at least one step
    configs/acme/cost/daily.yml:1: a pipeline is a mapping, this is a list
    configs/acme/cost/daily.yml:1: this pipeline lacks `description`
    configs/acme/cost/daily.yml:1: this pipeline lacks `provider`
    ");
    assert_snapshot!(mistakes("description: [\n"), @"configs/acme/cost/daily.yml:1: this is not YAML: unclosed bracket '[' at line 1, column 14");
    assert_snapshot!(mistakes(""), @"
    configs/acme/cost/daily.yml:1: a pipeline has at least one step
    configs/acme/cost/daily.yml:1: a pipeline is a mapping, this is nothing
    configs/acme/cost/daily.yml:1: this pipeline lacks `description`
    configs/acme/cost/daily.yml:1: this pipeline lacks `provider`
    ");
    assert_snapshot!(mistakes("description: x\ndescription: y\nprovider: acme\nsteps: []\n"), @"configs/acme/cost/daily.yml:2: this is not YAML: duplicate mapping key: description, set DuplicateKeyPolicy in Options if acceptable at line 2, column 1");
}

#[test]
fn every_shipped_config_compiles() {
    let plans = Plans::check(&Configs::embedded()).unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))
    });
    drop(plans);
}
