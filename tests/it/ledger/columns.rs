//! Rows and the schemas of their tables have the same columns.

use std::collections::BTreeSet;

use convergence::{
    configs::Configs,
    ledger::{LedgerRow, RowVersion, rows},
    setup::bootstrap_tables,
};
use jiff::{Timestamp, civil::date};
use uuid::Uuid;

use super::{acme, api_key, quota};

/// The columns of a row, and those that are added when it is written.
fn columns<R: LedgerRow>(row: &R) -> Columns {
    let value = serde_json::to_value(row).unwrap();
    let names = value.as_object().unwrap().keys().cloned();
    (R::TABLE.to_owned(), names.chain(["row_id".to_owned(), "recorded_at".to_owned()]).collect())
}

#[test]
fn rows_have_exactly_the_columns_of_their_tables() {
    let tables = bootstrap_tables(&Configs::embedded()).unwrap();
    assert_eq!(tables.len(), 15);
    let made = [[columns(&api_key()), columns(&quota(1))], of_organizations(), of_access()];
    for (table, found) in made.into_iter().chain([of_requests(), of_runs(), of_steps()]).flatten() {
        let schema = tables.iter().find(|schema| schema.name == table).unwrap();
        let wanted: BTreeSet<_> = schema.fields.iter().map(|field| field.name.clone()).collect();
        assert_eq!(found, wanted, "{table}");
    }
}

const NOW: Timestamp = Timestamp::constant(1_782_907_200, 0);

type Columns = (String, BTreeSet<String>);

fn of_organizations() -> [Columns; 2] {
    [
        columns(&rows::OrgProfile {
            org_slug: acme(),
            company_name: String::new(),
            admin_email: String::new(),
            dataset: String::new(),
            status: String::new(),
            plan: String::new(),
            currency: String::new(),
            country: String::new(),
            language: String::new(),
            timezone: String::new(),
            fiscal_year_start_month: 1,
            created_at: NOW,
            version: RowVersion::default(),
        }),
        columns(&rows::OrgSubscription {
            org_slug: acme(),
            plan: String::new(),
            status: String::new(),
            daily_limit: 1,
            monthly_limit: 1,
            concurrent_limit: 1,
            seat_limit: 1,
            provider_limit: 1,
            history_months: 1,
            trial_end: None,
            period_end: None,
            past_due_since: None,
            stripe_customer_id: None,
            stripe_subscription_id: None,
            stripe_event_id: None,
            created_at: NOW,
            version: RowVersion::default(),
        }),
    ]
}

fn of_access() -> [Columns; 2] {
    [
        columns(&rows::IntegrationCredential {
            org_slug: acme(),
            integration_id: String::new(),
            provider: String::new(),
            name: String::new(),
            data_key_id: None,
            kms_key_version: None,
            fingerprint: None,
            validation_status: String::new(),
            last_error: None,
            last_checked_at: None,
            metadata: None,
            active: true,
            created_at: NOW,
            version: RowVersion::default(),
        }),
        columns(&rows::KmsKey {
            org_slug: None,
            data_key_id: String::new(),
            kms_key_name: String::new(),
            kms_key_version: None,
            algorithm: String::new(),
            active: true,
            rotated_at: None,
            created_at: NOW,
            version: RowVersion::default(),
        }),
    ]
}

fn of_requests() -> [Columns; 2] {
    [
        columns(&rows::AuditLog {
            org_slug: acme(),
            actor_kind: String::new(),
            actor_id: String::new(),
            action: String::new(),
            target: String::new(),
            outcome: String::new(),
            request_id: Uuid::nil(),
            address: None,
            details: None,
            created_at: NOW,
        }),
        columns(&rows::IdempotencyKey {
            org_slug: None,
            idempotency_key: String::new(),
            request_hash: String::new(),
            method: String::new(),
            path: String::new(),
            status: 1,
            created_at: NOW,
            recorded_by: None,
        }),
    ]
}

fn of_runs() -> [Columns; 2] {
    [
        columns(&rows::QueueEntry {
            org_slug: acme(),
            run_id: Uuid::nil(),
            pipeline_id: String::new(),
            scheduled_time: NOW,
            priority: 1,
            attempts: 1,
            status: String::new(),
            version: RowVersion::default(),
        }),
        columns(&rows::PipelineRun {
            org_slug: acme(),
            run_id: Uuid::nil(),
            pipeline_id: String::new(),
            source_id: String::new(),
            trigger: String::new(),
            status: String::new(),
            start_time: NOW,
            taken_time: None,
            end_time: None,
            window_start: None,
            window_end: None,
            parent_run_id: None,
            retry_of: None,
            attempts: 1,
            rows: 1,
            bytes: 1,
            rejected_rows: 1,
            error_code: None,
            error_message: None,
            version: RowVersion::default(),
        }),
    ]
}

fn of_steps() -> [Columns; 2] {
    [
        columns(&rows::StepLog {
            org_slug: acme(),
            run_id: Uuid::nil(),
            step_id: String::new(),
            processor: String::new(),
            attempt: 1,
            status: String::new(),
            start_time: NOW,
            end_time: None,
            rows: 1,
            bytes: 1,
            rejected_rows: 1,
            error_code: None,
            error_message: None,
            version: RowVersion::default(),
        }),
        columns(&rows::DqResult {
            org_slug: acme(),
            ingestion_date: date(2026, 7, 1),
            pipeline_id: String::new(),
            run_id: Uuid::nil(),
            step_id: String::new(),
            rule: String::new(),
            about: None,
            passed: true,
            failed_rows: 1,
            sample: None,
        }),
    ]
}
