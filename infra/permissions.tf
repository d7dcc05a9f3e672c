# What a permission of capabilities.yaml is in IAM: each granted where it is narrowest.

locals {
  # Whoever reads or writes tables sends jobs and reads answers.
  querying = setunion(local.holders["ledger.read"], local.holders["tables.read"], local.holders["tables.write"])

  # Who writes reads too.
  store_roles = merge(
    { for name in local.holders["store.read"] : name => "roles/datastore.viewer" },
    { for name in local.holders["store.write"] : name => "roles/datastore.user" },
  )
}

resource "google_project_iam_member" "tables_read" {
  for_each = local.holders["tables.read"]

  project = var.project
  role    = "roles/bigquery.dataViewer"
  member  = module.function[each.key].member
}

resource "google_project_iam_member" "tables_write" {
  for_each = local.holders["tables.write"]

  project = var.project
  role    = google_project_iam_custom_role.tables.name
  member  = module.function[each.key].member
}

resource "google_project_iam_member" "datasets_make" {
  for_each = local.holders["datasets.make"]

  project = var.project
  role    = google_project_iam_custom_role.datasets.name
  member  = module.function[each.key].member
}

resource "google_project_iam_member" "query" {
  for_each = local.querying

  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = module.function[each.key].member
}

resource "google_project_iam_member" "read_answers" {
  for_each = local.querying

  project = var.project
  role    = "roles/bigquery.readSessionUser"
  member  = module.function[each.key].member
}

resource "google_bigquery_dataset_iam_member" "ledger" {
  for_each = setunion(local.holders["ledger.read"], local.holders["ledger.write"])

  dataset_id = google_bigquery_dataset.organizations.dataset_id
  role       = contains(local.holders["ledger.write"], each.key) ? "roles/bigquery.dataEditor" : "roles/bigquery.dataViewer"
  member     = module.function[each.key].member
}

resource "google_project_iam_member" "store" {
  for_each = local.store_roles

  project = var.project
  role    = each.value
  member  = module.function[each.key].member

  condition {
    title      = "only this database"
    expression = "resource.name == \"${google_firestore_database.store.id}\""
  }
}

resource "google_kms_crypto_key_iam_member" "keys_use" {
  for_each = local.holders["keys.use"]

  crypto_key_id = google_kms_crypto_key.data_keys.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = module.function[each.key].member
}

resource "google_storage_bucket_iam_member" "files_use" {
  for_each = local.holders["files.use"]

  bucket = google_storage_bucket.files.name
  role   = "roles/storage.objectUser"
  member = module.function[each.key].member
}

# A signed URL is signed by the service's own account, without any key file.
resource "google_service_account_iam_member" "files_sign" {
  for_each = local.holders["files.sign"]

  service_account_id = module.function[each.key].account
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = module.function[each.key].member
}

resource "google_pubsub_topic_iam_member" "queue_publish" {
  for_each = local.holders["queue.publish"]

  topic  = google_pubsub_topic.runs.name
  role   = "roles/pubsub.publisher"
  member = module.function[each.key].member
}

resource "google_pubsub_subscription_iam_member" "dead_letters_read" {
  for_each = local.holders["dead-letters.read"]

  subscription = google_pubsub_subscription.dead.name
  role         = "roles/pubsub.subscriber"
  member       = module.function[each.key].member
}

resource "google_cloud_run_v2_job_iam_member" "imports_start" {
  for_each = local.holders["imports.start"]

  name     = google_cloud_run_v2_job.imports.name
  location = var.region
  role     = "roles/run.jobsExecutorWithOverrides"
  member   = module.function[each.key].member
}
