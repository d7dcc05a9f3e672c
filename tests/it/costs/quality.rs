//! How far data can be trusted.

use std::sync::Arc;

use convergence::warehouse::{Dataset, Fixed, Scope, SourceId};
use jiff::civil::date;
use serde_json::json;

use super::{
    rows::{batch, focus},
    world::{RUN, World, schema, system_schema},
};

#[tokio::test]
async fn freshness_rejections_and_failed_checks() {
    let world = World::new().await;
    let rows = [
        focus("2026-04-01", "1", &json!({ "ListCost": null })),
        focus("2026-04-09", "1", &json!({ "EffectiveCost": null, "ListCost": null })),
    ];
    world.load(&["2026-04-01"], &rows).await;
    let warehouse = &world.app.state.warehouse;

    let rejected = |reason: &str| {
        json!({ "x_source_id": "focus/default", "x_run_id": RUN, "x_billing_month": "2026-04-01",
            "x_charge_date": "2026-04-01", "ingestion_date": "2026-04-10", "reason": reason })
    };
    let rejected = ["no cost", "no cost", "no day"].map(rejected);
    let rows = batch(&schema("rejected_rows").fields, &rejected);
    let rows = Arc::new(Fixed::new(rows.schema(), vec![rows]));
    let scope = Scope::months(SourceId::new("focus", "default"), [date(2026, 4, 1)]);
    let own = Dataset::Org(world.org.clone());
    warehouse.replace(&own, "rejected_rows", &scope, rows).await.unwrap();

    warehouse
        .create_dataset(&Dataset::System, &std::collections::BTreeMap::default())
        .await
        .unwrap();
    let checks = system_schema("org_meta_dq_results");
    warehouse.apply_table(&Dataset::System, &checks).await.unwrap();
    let check = |org: &str, row: &str, passed: bool| {
        json!({ "row_id": row, "org_slug": org, "ingestion_date": "2026-04-10",
            "pipeline_id": "focus/cost/import", "run_id": RUN, "step_id": "check",
            "rule": "not_null", "about": "ListCost", "passed": passed, "failed_rows": "2",
            "recorded_at": "2026-04-10T00:00:00Z" })
    };
    let results = [
        check("acme", "1", false),
        check("acme", "1", false),
        check("acme", "2", true),
        check("other", "3", false),
    ];
    let rows = batch(&checks.fields, &results);
    warehouse.append(&Dataset::System, &checks.name, rows).await.unwrap();

    let mut quality = world.april("quality").await;
    // That has tests of its own.
    quality.as_object_mut().unwrap().remove("reconciliation");
    insta::assert_snapshot!(serde_json::to_string_pretty(&quality).unwrap(), @r#"
    {
      "failed_checks": [
        {
          "about": "ListCost",
          "failed_rows": 2,
          "pipeline": "focus/cost/import",
          "rule": "not_null",
          "run_id": "01985b5a-0000-7000-8000-000000000001",
          "sample": null
        }
      ],
      "limit": 100,
      "range": {
        "days_in": "UTC",
        "end_date": "2026-04-30",
        "start_date": "2026-04-01"
      },
      "rejected_rows": [
        {
          "reason": "no cost",
          "rows": 2,
          "run_id": "01985b5a-0000-7000-8000-000000000001",
          "source": "focus/default"
        },
        {
          "reason": "no day",
          "rows": 1,
          "run_id": "01985b5a-0000-7000-8000-000000000001",
          "source": "focus/default"
        }
      ],
      "rejected_runs": [
        {
          "reasons": 2,
          "rows": 3,
          "run_id": "01985b5a-0000-7000-8000-000000000001",
          "source": "focus/default"
        }
      ],
      "sources": [
        {
          "first_charge_date": "2026-04-01",
          "last_charge_date": "2026-04-09",
          "last_import_at": "2025-07-30T12:41:21.664Z",
          "last_run_id": "01985b5a-0000-7000-8000-000000000001",
          "rows": 2,
          "rows_without": {
            "billed": 0,
            "contracted": 0,
            "effective": 1,
            "list": 2
          },
          "source": "focus/default"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn before_bootstrap_and_import_there_is_nothing_to_trust() {
    let world = World::new().await;
    let quality = world.april("quality").await;
    for list in ["sources", "rejected_runs", "rejected_rows", "failed_checks"] {
        assert_eq!(quality[list], json!([]), "{list}");
    }
}

/// A run that came after [`RUN`].
const LATER: &str = "01985b5a-0000-7000-8000-000000000002";

#[tokio::test]
async fn what_a_limit_cuts_off_is_told_and_the_latest_run_comes_first() {
    let world = World::new().await;
    let refused = |source: &str, run: &str, reason: String| {
        json!({ "x_source_id": source, "x_run_id": run, "ingestion_date": "2026-04-10",
            "reason": reason })
    };
    let many = (0..101).map(|at| refused("focus/default", RUN, format!("reason {at:03}")));
    let few = ["no day", "no cost", "no day"].map(|it| refused("gcp/default", LATER, it.into()));
    let rows: Vec<_> = many.chain(few).collect();
    let rows = batch(&schema("rejected_rows").fields, &rows);
    let own = Dataset::Org(world.org.clone());
    world.app.state.warehouse.append(&own, "rejected_rows", rows).await.unwrap();

    let quality = world.april("quality").await;
    let runs = json!([
        { "source": "gcp/default", "run_id": LATER, "rows": 3, "reasons": 2 },
        { "source": "focus/default", "run_id": RUN, "rows": 101, "reasons": 101 },
    ]);
    assert_eq!((&quality["rejected_runs"], &quality["limit"]), (&runs, &json!(100)));
    let listed = quality["rejected_rows"].as_array().unwrap();
    let of = |at: usize| (listed[at]["reason"].as_str().unwrap(), listed[at]["rows"].as_u64());
    assert_eq!(listed.len(), 100);
    let first = [of(0), of(1), of(2)];
    assert_eq!(first, [("no day", Some(2)), ("no cost", Some(1)), ("reason 000", Some(1))]);
}
