//! What is sent to the warehouse.

use std::sync::Arc;

use convergence::{
    configs::Configs,
    costs::{Columns, shipped},
    focus::Model,
    org::OrgSlug,
    warehouse::{
        Query,
        prql::{Dialect, compile, sql},
    },
};
use insta::assert_snapshot;

fn all(dialect: Dialect) -> String {
    let columns = Columns::new(Arc::new(Model::read(&Configs::embedded()).unwrap()));
    let queries = shipped(&columns, &OrgSlug::parse("acme").unwrap()).unwrap();
    let text = |query: &Query| compile(query, dialect).unwrap().sql;
    let one = |query: &Query| format!("-- {}\n{}\n", query.name, text(query));
    queries.iter().map(one).collect::<Vec<_>>().concat()
}

#[test]
fn questions_as_duckdb_gets_them() {
    assert_snapshot!(all(Dialect::DuckDb), @r#"
    -- costs_summary
    WITH table_1 AS (SELECT "BillingCurrency", "ServiceProviderName", "ServiceCategory", CASE WHEN x_charge_date >= CAST($2 AS DATE) THEN 1 ELSE 0 END AS is_now, x_rows_without_list_cost AS _expr_0, x_rows AS _expr_1, "ListCost" AS _expr_2, x_charge_date FROM costs_daily WHERE x_charge_date >= CAST($3 AS DATE) AND x_charge_date < CAST($1 AS DATE)), table_0 AS (SELECT "BillingCurrency", "ServiceProviderName", "ServiceCategory", is_now, SUM(_expr_2) AS amount, CAST(SUM(_expr_1) AS BIGINT) AS row_count, CAST(SUM(_expr_0) AS BIGINT) AS lacking_count FROM table_1 GROUP BY "BillingCurrency", "ServiceProviderName", "ServiceCategory", is_now) SELECT "BillingCurrency", "ServiceProviderName", "ServiceCategory", is_now, amount, row_count, lacking_count, CAST(is_now AS BIGINT) AS now_flag FROM table_0
    -- costs_summary
    WITH table_1 AS (SELECT "BillingCurrency", "ServiceProviderName", "ServiceCategory", CASE WHEN x_charge_date >= CAST($6 AS DATE) THEN 1 ELSE 0 END AS is_now, CASE WHEN "ListCost" IS NULL THEN 1 ELSE 0 END AS _expr_0, 1 AS _expr_1, "ListCost" AS _expr_2, x_charge_date FROM costs WHERE x_charge_date >= CAST($7 AS DATE) AND x_charge_date < CAST($1 AS DATE) AND ("SkuId" = CAST($2 AS VARCHAR) OR "SkuId" IS NULL) AND ("RegionId" IS NULL OR NOT ("RegionId" IS NOT NULL AND "RegionId" = CAST($3 AS VARCHAR))) AND STARTS_WITH("SkuId", CAST($4 AS VARCHAR)) AND (STRPOS("ServiceName", CAST($5 AS VARCHAR)) > 0)), table_0 AS (SELECT "BillingCurrency", "ServiceProviderName", "ServiceCategory", is_now, SUM(_expr_2) AS amount, CAST(SUM(_expr_1) AS BIGINT) AS row_count, CAST(SUM(_expr_0) AS BIGINT) AS lacking_count FROM table_1 GROUP BY "BillingCurrency", "ServiceProviderName", "ServiceCategory", is_now) SELECT "BillingCurrency", "ServiceProviderName", "ServiceCategory", is_now, amount, row_count, lacking_count, CAST(is_now AS BIGINT) AS now_flag FROM table_0
    -- costs_timeseries
    WITH table_0 AS (SELECT SUM("ListCost") AS amount, CAST(SUM(x_rows) AS BIGINT) AS row_count, CAST(SUM(x_rows_without_list_cost) AS BIGINT) AS lacking_count, "BillingCurrency", x_charge_date FROM costs_daily WHERE x_charge_date >= CAST($2 AS DATE) AND x_charge_date < CAST($1 AS DATE) GROUP BY "BillingCurrency", x_charge_date) SELECT 1 AS place, x_charge_date AS day, "BillingCurrency" AS currency, amount, row_count, lacking_count FROM table_0
    -- costs_timeseries
    WITH table_4 AS (SELECT CAST(SUM(x_rows_without_list_cost) AS BIGINT) AS _expr_0, CAST(SUM(x_rows) AS BIGINT) AS _expr_1, SUM("ListCost") AS _expr_2, "ServiceName", "BillingCurrency", x_charge_date FROM costs_daily WHERE x_charge_date >= CAST($2 AS DATE) AND x_charge_date < CAST($1 AS DATE) GROUP BY x_charge_date, "BillingCurrency", "ServiceName"), table_3 AS (SELECT _expr_0, _expr_1, _expr_2, "ServiceName", "BillingCurrency", x_charge_date, MIN(CASE WHEN _expr_2 IS NULL THEN 1 ELSE 0 END) OVER (PARTITION BY "BillingCurrency", "ServiceName") AS _expr_4, SUM(_expr_2) OVER (PARTITION BY "BillingCurrency", "ServiceName") AS _expr_5 FROM table_4), table_2 AS (SELECT _expr_0, _expr_1, _expr_2, "ServiceName", "BillingCurrency", x_charge_date, DENSE_RANK() OVER (PARTITION BY "BillingCurrency" ORDER BY _expr_4, _expr_5 DESC, "ServiceName") AS _expr_3, _expr_4, _expr_5 FROM table_3), table_1 AS (SELECT CASE WHEN _expr_3 <= 10 THEN _expr_3 ELSE 0 END AS place, _expr_0, _expr_1, _expr_2, "ServiceName", "BillingCurrency", x_charge_date, _expr_3 FROM table_2), table_0 AS (SELECT place, x_charge_date AS day, "BillingCurrency" AS currency, CASE WHEN place > 0 THEN "ServiceName" ELSE NULL END AS group_0, _expr_0, _expr_1, _expr_2, "ServiceName" FROM table_1) SELECT place, day, currency, group_0, SUM(_expr_2) AS amount, CAST(SUM(_expr_1) AS BIGINT) AS row_count, CAST(SUM(_expr_0) AS BIGINT) AS lacking_count FROM table_0 GROUP BY place, day, currency, group_0
    -- costs_breakdown
    WITH table_1 AS (SELECT "SkuId", "BillingCurrency", CASE WHEN "ListCost" IS NULL THEN 1 ELSE 0 END AS _expr_0, 1 AS _expr_1, "ListCost" AS _expr_2, "ListCost" FROM costs WHERE x_charge_date >= CAST($2 AS DATE) AND x_charge_date < CAST($1 AS DATE)), table_0 AS (SELECT "SkuId", "BillingCurrency", SUM(_expr_2) AS amount, CAST(SUM(_expr_1) AS BIGINT) AS row_count, CAST(SUM(_expr_0) AS BIGINT) AS lacking_count FROM table_1 GROUP BY "SkuId", "BillingCurrency") SELECT "SkuId", "BillingCurrency", amount, row_count, lacking_count, CASE WHEN amount IS NULL THEN 1 ELSE 0 END AS unknown FROM table_0 ORDER BY unknown, amount DESC, "SkuId", "BillingCurrency" LIMIT 51 OFFSET 100
    -- costs_line_item_days
    SELECT x_charge_date, SUM("BilledCost") AS amount, CAST(SUM(x_rows) AS BIGINT) AS row_count, CAST(SUM(x_rows_without_billed_cost) AS BIGINT) AS lacking_count FROM costs_daily WHERE x_charge_date >= CAST($2 AS DATE) AND x_charge_date < CAST($1 AS DATE) GROUP BY x_charge_date
    -- costs_export
    SELECT "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity", "PricingUnit", "ServiceCategory", "ServiceName", "CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountStatus", "CommitmentDiscountType", "ConsumedQuantity", "ConsumedUnit", "ContractedUnitPrice", "ListUnitPrice", "PricingCategory", "RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType", "SkuId", "SkuPriceId", "SubAccountId", "SubAccountName", "Tags", "AvailabilityZone", "ChargeFrequency", "ServiceProviderName" AS "ProviderName", x_extra FROM costs WHERE x_charge_date >= CAST($2 AS DATE) AND x_charge_date < CAST($1 AS DATE)
    -- costs_freshness
    SELECT x_source_id, MIN(x_charge_date) AS first_day, MAX(x_charge_date) AS last_day, MAX(x_run_id) AS last_run, CAST(SUM(x_rows) AS BIGINT) AS row_count, CAST(SUM(x_rows_without_billed_cost) AS BIGINT) AS billed, CAST(SUM(x_rows_without_effective_cost) AS BIGINT) AS effective, CAST(SUM(x_rows_without_list_cost) AS BIGINT) AS list, CAST(SUM(x_rows_without_contracted_cost) AS BIGINT) AS contracted FROM costs_daily WHERE x_charge_date >= CAST($2 AS DATE) AND x_charge_date < CAST($1 AS DATE) GROUP BY x_source_id ORDER BY x_source_id
    -- costs_rejected
    SELECT x_source_id, x_run_id, reason, CAST(COUNT(*) AS BIGINT) AS row_count FROM rejected_rows WHERE ingestion_date >= CAST($2 AS DATE) AND ingestion_date < CAST($1 AS DATE) GROUP BY x_source_id, x_run_id, reason ORDER BY x_source_id, x_run_id DESC, reason LIMIT 100
    -- costs_failed_checks
    WITH table_0 AS (SELECT DISTINCT ON (row_id) pipeline_id, run_id, rule, about, failed_rows, "sample", passed FROM org_meta_dq_results WHERE org_slug = CAST($2 AS VARCHAR) AND ingestion_date >= CAST($3 AS DATE) AND ingestion_date < CAST($1 AS DATE)) SELECT pipeline_id, run_id, rule, about, failed_rows, "sample" FROM table_0 WHERE passed = false ORDER BY run_id DESC, rule LIMIT 100
    "#);
}

#[test]
fn questions_as_bigquery_gets_them() {
    assert_snapshot!(all(Dialect::BigQuery), @r#"
    -- costs_summary
    WITH table_1 AS (SELECT `BillingCurrency`, `ServiceProviderName`, `ServiceCategory`, CASE WHEN x_charge_date >= @middle THEN 1 ELSE 0 END AS is_now, x_rows_without_list_cost AS _expr_0, x_rows AS _expr_1, `ListCost` AS _expr_2, x_charge_date FROM costs_daily WHERE x_charge_date >= @start AND x_charge_date < @end), table_0 AS (SELECT `BillingCurrency`, `ServiceProviderName`, `ServiceCategory`, is_now, SUM(_expr_2) AS amount, CAST(SUM(_expr_1) AS BIGINT) AS row_count, CAST(SUM(_expr_0) AS BIGINT) AS lacking_count FROM table_1 GROUP BY `BillingCurrency`, `ServiceProviderName`, `ServiceCategory`, is_now) SELECT `BillingCurrency`, `ServiceProviderName`, `ServiceCategory`, is_now, amount, row_count, lacking_count, CAST(is_now AS BIGINT) AS now_flag FROM table_0
    -- costs_summary
    WITH table_1 AS (SELECT `BillingCurrency`, `ServiceProviderName`, `ServiceCategory`, CASE WHEN x_charge_date >= @middle THEN 1 ELSE 0 END AS is_now, CASE WHEN `ListCost` IS NULL THEN 1 ELSE 0 END AS _expr_0, 1 AS _expr_1, `ListCost` AS _expr_2, x_charge_date FROM costs WHERE x_charge_date >= @start AND x_charge_date < @end AND (`SkuId` = @f0 OR `SkuId` IS NULL) AND (`RegionId` IS NULL OR NOT (`RegionId` IS NOT NULL AND `RegionId` = @f1)) AND STARTS_WITH(`SkuId`, @f2) AND (STRPOS(`ServiceName`, @f3) > 0)), table_0 AS (SELECT `BillingCurrency`, `ServiceProviderName`, `ServiceCategory`, is_now, SUM(_expr_2) AS amount, CAST(SUM(_expr_1) AS BIGINT) AS row_count, CAST(SUM(_expr_0) AS BIGINT) AS lacking_count FROM table_1 GROUP BY `BillingCurrency`, `ServiceProviderName`, `ServiceCategory`, is_now) SELECT `BillingCurrency`, `ServiceProviderName`, `ServiceCategory`, is_now, amount, row_count, lacking_count, CAST(is_now AS BIGINT) AS now_flag FROM table_0
    -- costs_timeseries
    WITH table_0 AS (SELECT SUM(`ListCost`) AS amount, CAST(SUM(x_rows) AS BIGINT) AS row_count, CAST(SUM(x_rows_without_list_cost) AS BIGINT) AS lacking_count, `BillingCurrency`, x_charge_date FROM costs_daily WHERE x_charge_date >= @start AND x_charge_date < @end GROUP BY `BillingCurrency`, x_charge_date) SELECT 1 AS place, x_charge_date AS day, `BillingCurrency` AS currency, amount, row_count, lacking_count FROM table_0
    -- costs_timeseries
    WITH table_4 AS (SELECT CAST(SUM(x_rows_without_list_cost) AS BIGINT) AS _expr_0, CAST(SUM(x_rows) AS BIGINT) AS _expr_1, SUM(`ListCost`) AS _expr_2, `ServiceName`, `BillingCurrency`, x_charge_date FROM costs_daily WHERE x_charge_date >= @start AND x_charge_date < @end GROUP BY x_charge_date, `BillingCurrency`, `ServiceName`), table_3 AS (SELECT _expr_0, _expr_1, _expr_2, `ServiceName`, `BillingCurrency`, x_charge_date, MIN(CASE WHEN _expr_2 IS NULL THEN 1 ELSE 0 END) OVER (PARTITION BY `BillingCurrency`, `ServiceName`) AS _expr_4, SUM(_expr_2) OVER (PARTITION BY `BillingCurrency`, `ServiceName`) AS _expr_5 FROM table_4), table_2 AS (SELECT _expr_0, _expr_1, _expr_2, `ServiceName`, `BillingCurrency`, x_charge_date, DENSE_RANK() OVER (PARTITION BY `BillingCurrency` ORDER BY _expr_4, _expr_5 DESC, `ServiceName`) AS _expr_3, _expr_4, _expr_5 FROM table_3), table_1 AS (SELECT CASE WHEN _expr_3 <= 10 THEN _expr_3 ELSE 0 END AS place, _expr_0, _expr_1, _expr_2, `ServiceName`, `BillingCurrency`, x_charge_date, _expr_3 FROM table_2), table_0 AS (SELECT place, x_charge_date AS day, `BillingCurrency` AS currency, CASE WHEN place > 0 THEN `ServiceName` ELSE NULL END AS group_0, _expr_0, _expr_1, _expr_2, `ServiceName` FROM table_1) SELECT place, day, currency, group_0, SUM(_expr_2) AS amount, CAST(SUM(_expr_1) AS BIGINT) AS row_count, CAST(SUM(_expr_0) AS BIGINT) AS lacking_count FROM table_0 GROUP BY place, day, currency, group_0
    -- costs_breakdown
    WITH table_1 AS (SELECT `SkuId`, `BillingCurrency`, CASE WHEN `ListCost` IS NULL THEN 1 ELSE 0 END AS _expr_0, 1 AS _expr_1, `ListCost` AS _expr_2, `ListCost` FROM costs WHERE x_charge_date >= @start AND x_charge_date < @end), table_0 AS (SELECT `SkuId`, `BillingCurrency`, SUM(_expr_2) AS amount, CAST(SUM(_expr_1) AS BIGINT) AS row_count, CAST(SUM(_expr_0) AS BIGINT) AS lacking_count FROM table_1 GROUP BY `SkuId`, `BillingCurrency`) SELECT `SkuId`, `BillingCurrency`, amount, row_count, lacking_count, CASE WHEN amount IS NULL THEN 1 ELSE 0 END AS unknown FROM table_0 ORDER BY unknown, amount DESC, `SkuId`, `BillingCurrency` LIMIT 51 OFFSET 100
    -- costs_line_item_days
    SELECT x_charge_date, SUM(`BilledCost`) AS amount, CAST(SUM(x_rows) AS BIGINT) AS row_count, CAST(SUM(x_rows_without_billed_cost) AS BIGINT) AS lacking_count FROM costs_daily WHERE x_charge_date >= @start AND x_charge_date < @end GROUP BY x_charge_date
    -- costs_export
    SELECT `BilledCost`, `BillingAccountId`, `BillingAccountName`, `BillingCurrency`, `BillingPeriodEnd`, `BillingPeriodStart`, `ChargeCategory`, `ChargeClass`, `ChargeDescription`, `ChargePeriodEnd`, `ChargePeriodStart`, `ContractedCost`, `EffectiveCost`, `InvoiceIssuerName`, `ListCost`, `PricingQuantity`, `PricingUnit`, `ServiceCategory`, `ServiceName`, `CommitmentDiscountCategory`, `CommitmentDiscountId`, `CommitmentDiscountName`, `CommitmentDiscountStatus`, `CommitmentDiscountType`, `ConsumedQuantity`, `ConsumedUnit`, `ContractedUnitPrice`, `ListUnitPrice`, `PricingCategory`, `RegionId`, `RegionName`, `ResourceId`, `ResourceName`, `ResourceType`, `SkuId`, `SkuPriceId`, `SubAccountId`, `SubAccountName`, `Tags`, `AvailabilityZone`, `ChargeFrequency`, `ServiceProviderName` AS `ProviderName`, x_extra FROM costs WHERE x_charge_date >= @start AND x_charge_date < @end
    -- costs_freshness
    SELECT x_source_id, MIN(x_charge_date) AS first_day, MAX(x_charge_date) AS last_day, MAX(x_run_id) AS last_run, CAST(SUM(x_rows) AS BIGINT) AS row_count, CAST(SUM(x_rows_without_billed_cost) AS BIGINT) AS billed, CAST(SUM(x_rows_without_effective_cost) AS BIGINT) AS effective, CAST(SUM(x_rows_without_list_cost) AS BIGINT) AS list, CAST(SUM(x_rows_without_contracted_cost) AS BIGINT) AS contracted FROM costs_daily WHERE x_charge_date >= @start AND x_charge_date < @end GROUP BY x_source_id ORDER BY x_source_id
    -- costs_rejected
    SELECT x_source_id, x_run_id, reason, CAST(COUNT(*) AS BIGINT) AS row_count FROM rejected_rows WHERE ingestion_date >= @start AND ingestion_date < @end GROUP BY x_source_id, x_run_id, reason ORDER BY x_source_id, x_run_id DESC, reason LIMIT 100
    -- costs_failed_checks
    WITH table_0 AS (SELECT pipeline_id, run_id, rule, about, failed_rows, `sample`, passed, ROW_NUMBER() OVER (PARTITION BY row_id) AS _expr_0 FROM org_meta_dq_results WHERE org_slug = @org AND ingestion_date >= @start AND ingestion_date < @end) SELECT pipeline_id, run_id, rule, about, failed_rows, `sample` FROM table_0 WHERE _expr_0 <= 1 AND passed = false ORDER BY run_id DESC, rule LIMIT 100
    "#);
}

#[test]
fn every_question_about_data_is_kept_to_days() {
    for dialect in [Dialect::DuckDb, Dialect::BigQuery] {
        for query in all(dialect).split("-- ").skip(1) {
            let days = ["x_charge_date >= ", "ingestion_date >= "];
            assert!(days.iter().any(|filter| query.contains(filter)), "{query}");
        }
    }
}

#[test]
fn billing_rows_to_focus_in_both_dialects() {
    let configs = Configs::embedded();
    let text = configs.get("gcp/cost/billing_to_focus.prql").unwrap();
    for (dialect, quote) in [(Dialect::DuckDb, '"'), (Dialect::BigQuery, '`')] {
        let text = sql(text, dialect).unwrap();
        assert!(text.contains(&format!("AS {quote}BilledCost{quote}")), "{text}");
        assert_eq!(text.matches("JOIN").count(), 2, "lookups only: rows never fan out");
    }
}
