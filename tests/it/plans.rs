//! The catalog of plans: as shipped, and with every mistake there can be.

use convergence::{
    configs::Configs,
    entities::Limits,
    plans::{PLANS, PlanCatalog, limit_mistakes},
};

fn read(text: &str) -> Result<PlanCatalog, Vec<String>> {
    PlanCatalog::read(&Configs::of([(PLANS.to_owned(), text.to_owned())]))
}

#[test]
fn the_shipped_plans_grow_and_a_trial_gets_one_of_them() {
    let catalog = PlanCatalog::read(&Configs::embedded()).unwrap();
    let names: Vec<_> = catalog.all().iter().map(|plan| plan.name.as_str()).collect();
    assert_eq!(names, ["starter", "professional", "scale", "enterprise"]);
    assert_eq!(catalog.trial().name, "professional");
    for pair in catalog.all().windows(2) {
        let (less, more) = (pair[0].limits, pair[1].limits);
        assert!(less.runs_per_day < more.runs_per_day && less.seats < more.seats);
        assert!(less.concurrent_runs < more.concurrent_runs && less.providers < more.providers);
        assert!(less.history_months < more.history_months);
    }
    assert!(catalog.get("free").is_none());
}

#[test]
fn every_mistake_is_reported_with_its_line() {
    let text = "\
trial: gold
plans:
  - name: starter
    description: ''
    runs_per_day: 6
    runs_per_month: 5
    concurrent_runs: 0
    seats: 2
    providers: 3
    history_months: 13
  - name: starter
    description: Twice.
    runs_per_day: many
    runs_per_month: -1
    concurrent_runs: 1.5
    seats: 2
    providers: 3
    history: 13
  - name: Not A Name
    description: Odd.
";
    insta::assert_snapshot!(read(text).unwrap_err().join("\n"), @r#"
    system/plans.yml:1: `trial` names a plan: starter, starter, Not A Name
    system/plans.yml:4: `description` is a text
    system/plans.yml:6: runs_per_month is at least runs_per_day
    system/plans.yml:7: concurrent_runs is at least 1
    system/plans.yml:11: there are two plans named "starter"
    system/plans.yml:11: this plan lacks `history_months`
    system/plans.yml:13: `runs_per_day` is a whole number
    system/plans.yml:14: `runs_per_month` is a whole number
    system/plans.yml:15: `concurrent_runs` is a whole number
    system/plans.yml:18: `history` is no field of a plan; it has name, description, runs_per_day, runs_per_month, concurrent_runs, seats, providers, history_months
    system/plans.yml:19: a name is lowercase letters, digits and `_`
    system/plans.yml:19: this plan lacks `concurrent_runs`
    system/plans.yml:19: this plan lacks `history_months`
    system/plans.yml:19: this plan lacks `providers`
    system/plans.yml:19: this plan lacks `runs_per_day`
    system/plans.yml:19: this plan lacks `runs_per_month`
    system/plans.yml:19: this plan lacks `seats`
    "#);
}

#[test]
fn a_file_that_is_no_catalog_is_refused_where_it_stops_being_one() {
    insta::assert_snapshot!(read("trial: a\nplans: [\n").unwrap_err().join("\n"), @"system/plans.yml:2: unclosed bracket '[' at line 2, column 8");
    insta::assert_snapshot!(read("trial: a\nplan: []\n").unwrap_err().join("\n"), @"system/plans.yml:2: unknown field `plan`, expected one of trial, plans at line 2, column 1");
    insta::assert_snapshot!(read("trial: [a]\nplans: []\n").unwrap_err().join("\n"), @"system/plans.yml:1: `trial` names a plan:");
    insta::assert_snapshot!(read("trial: a\ntrial: b\nplans: []\n").unwrap_err().join("\n"), @"system/plans.yml:2: duplicate mapping key: trial, set DuplicateKeyPolicy in Options if acceptable at line 2, column 1");
    let missing = PlanCatalog::read(&Configs::of([])).unwrap_err();
    assert_eq!(missing, ["system/plans.yml: the file is missing"]);
}

#[test]
fn limits_are_at_least_one_and_a_month_is_no_less_than_a_day() {
    let limits = Limits {
        runs_per_day: 10,
        runs_per_month: 9,
        concurrent_runs: 1,
        seats: 0,
        providers: 1,
        history_months: 1,
    };
    let fields: Vec<_> = limit_mistakes(&limits).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["seats", "runs_per_month"]);
}
