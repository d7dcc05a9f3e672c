# The environment variables of the services: docs/SETTINGS.md says what each means.

locals {
  settings = {
    ENVIRONMENT          = var.environment
    GOOGLE_CLOUD_PROJECT = var.project
    RATE_LIMIT_ENABLED   = "true"

    STORE_URL     = "firestore://${var.project}/${google_firestore_database.store.name}"
    WAREHOUSE_URL = "bigquery://${var.project}?location=${var.data_location.bigquery}"
    QUEUE_URL     = "pubsub://${var.project}/${google_pubsub_topic.runs.name}"
    KMS_URL       = "gcpkms://${google_kms_crypto_key.data_keys.id}"
    FILES_URL     = "gs://${google_storage_bucket.files.name}"
  }

  # The load balancer appends the caller's address and its own to X-Forwarded-For.
  behind_load_balancer = merge(
    { TRUSTED_PROXIES = "2" },
    length(var.console_origins) == 0 ? {} : { CORS_ORIGINS = join(",", var.console_origins) },
  )

  # Cloud Run's IAM check verifies a token and takes its signature off before the container sees it.
  behind_iam = {
    OIDC_SIGNATURE           = "removed-by-cloud-run"
    OIDC_PUSH_EMAIL          = google_service_account.push.email
    DELIVERY_TIMEOUT_SECONDS = tostring(local.functions["run-pipeline-worker"].timeout)
  }

  # Whom the tokens of service accounts are for, where any come.
  audiences = {
    scheduler           = local.addresses["scheduler"]
    run-pipeline-worker = var.eventarc == null ? local.addresses["run-pipeline-worker"] : var.eventarc.audience
  }

  settings_of = {
    for name, function in local.functions : name => merge(
      function.caller == "internet" ? local.behind_load_balancer : local.behind_iam,
      name == "scheduler" ? { OIDC_SCHEDULER_EMAIL = google_service_account.clock.email } : {},
      contains(keys(local.audiences), name) ? { OIDC_AUDIENCE = local.audiences[name] } : {},
      contains(local.permissions[name], "imports.start") ? { IMPORT_JOB = local.import_job } : {},
      contains(local.permissions[name], "dead-letters.read") ? { DEAD_LETTERS_URL = local.dead_letters } : {},
    )
  }
}
