# What must not get lost does not.

mock_provider "google" {
  source          = "./tests/mocks"
  override_during = plan
}

run "production_refuses_to_be_deleted" {
  command = plan

  assert {
    condition     = var.environment != "production" || var.protect
    error_message = "Production is protected."
  }

  assert {
    condition = !var.protect || alltrue([
      google_firestore_database.store.delete_protection_state == "DELETE_PROTECTION_ENABLED",
      google_firestore_database.store.deletion_policy == "PREVENT",
      google_bigquery_dataset.organizations.deletion_policy == "PREVENT",
      !google_bigquery_dataset.organizations.delete_contents_on_destroy,
      !google_storage_bucket.files.force_destroy,
      alltrue([for secret in google_secret_manager_secret.secrets : secret.deletion_protection]),
      alltrue([for it in module.function : it.service.deletion_protection]),
      google_cloud_run_v2_job.imports.deletion_protection,
    ])
    error_message = "Where `protect` is set, nothing that holds state or serves can be deleted."
  }
}

run "there_are_three_ways_back" {
  command = plan

  assert {
    condition     = google_firestore_database.store.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
    error_message = "Documents can be read as of any minute of the last week."
  }

  assert {
    condition     = length(google_firestore_backup_schedule.daily.daily_recurrence) == 1 && google_firestore_backup_schedule.daily.retention == "1209600s"
    error_message = "A backup each day, kept for two weeks."
  }

  assert {
    condition     = google_bigquery_dataset.organizations.max_time_travel_hours == "168" && google_storage_bucket.files.soft_delete_policy[0].retention_duration_seconds == 604800
    error_message = "Tables and files can be had back for a week."
  }
}

run "keys_rotate_and_are_not_destroyed_by_accident" {
  command = plan

  assert {
    condition     = google_kms_crypto_key.data_keys.rotation_period == "7776000s" && google_kms_crypto_key.data_keys.destroy_scheduled_duration == "2592000s"
    error_message = "A new version each 90 days; 30 days between asking for the end of one and its end."
  }
}

run "files_are_nobodys_but_ours" {
  command = plan

  assert {
    condition     = google_storage_bucket.files.uniform_bucket_level_access && google_storage_bucket.files.public_access_prevention == "enforced"
    error_message = "The bucket can never be public."
  }

  assert {
    condition     = alltrue([for rule in google_storage_bucket.files.cors : !contains(rule.origin, "*") && rule.method == tolist(["PUT"])])
    error_message = "Browsers of named origins upload, and nothing else."
  }
}

run "every_declared_query_has_its_index_and_what_ends_is_deleted" {
  command = plan

  assert {
    condition     = length(google_firestore_index.queries) == length(jsondecode(file("../configs/system/firestore_indexes.json")))
    error_message = "Each index of the list is declared, none twice."
  }

  assert {
    condition = toset([for field in google_firestore_field.fields : field.collection if length(field.ttl_config) == 1]) == toset([
      for it in jsondecode(file("../configs/system/firestore_fields.json")) : it.collection if it.ttl
    ])
    error_message = "Documents that end have a TTL."
  }
}
