# What a permission of capabilities.yaml is in IAM: each granted where it is narrowest.

locals {
  # Organizations' datasets do not exist when this is applied, so rights on their tables are the project's.
  project_roles = {
    "tables.read"   = ["roles/bigquery.dataViewer"]
    "tables.write"  = [google_project_iam_custom_role.tables.name]
    "datasets.make" = [google_project_iam_custom_role.datasets.name]
    "query"         = ["roles/bigquery.jobUser", "roles/bigquery.readSessionUser"]
  }

  # Whoever reads or writes tables sends jobs and reads answers.
  querying = setunion(local.holders["ledger.read"], local.holders["tables.read"], local.holders["tables.write"])

  project_grants = merge([
    for permission, roles in local.project_roles : {
      for pair in setproduct(permission == "query" ? local.querying : local.holders[permission], range(length(roles))) :
      "${pair[0]} ${permission} ${pair[1]}" => { service = pair[0], role = roles[pair[1]] }
    }
  ]...)

  # Who writes reads too.
  store_grants = merge(
    { for name in local.holders["store.write"] : name => "roles/datastore.user" },
    { for name in setsubtract(local.holders["store.read"], local.holders["store.write"]) : name => "roles/datastore.viewer" },
  )
}

resource "google_project_iam_custom_role" "tables" {
  role_id     = "convergence.tables"
  title       = "Convergence: tables of organizations"
  description = "Makes, fills, replaces and queries tables; finishes a job that another instance left."
  permissions = [
    "bigquery.datasets.get",
    "bigquery.jobs.get",
    "bigquery.jobs.update",
    "bigquery.tables.create",
    "bigquery.tables.delete",
    "bigquery.tables.get",
    "bigquery.tables.getData",
    "bigquery.tables.list",
    "bigquery.tables.update",
    "bigquery.tables.updateData",
  ]
}

resource "google_project_iam_custom_role" "datasets" {
  role_id     = "convergence.datasets"
  title       = "Convergence: datasets of organizations"
  description = "Makes a dataset and its empty tables when an organization comes, drops them when it goes. Reads no data."
  permissions = [
    "bigquery.datasets.create",
    "bigquery.datasets.delete",
    "bigquery.datasets.get",
    "bigquery.datasets.update",
    "bigquery.tables.create",
    "bigquery.tables.delete",
    "bigquery.tables.get",
    "bigquery.tables.list",
    "bigquery.tables.update",
  ]
}

resource "google_project_iam_member" "warehouse" {
  for_each = local.project_grants

  project = var.project
  role    = each.value.role
  member  = module.function[each.value.service].member
}

resource "google_bigquery_dataset_iam_member" "ledger" {
  for_each = setunion(local.holders["ledger.read"], local.holders["ledger.write"])

  dataset_id = google_bigquery_dataset.organizations.dataset_id
  role       = contains(local.holders["ledger.write"], each.key) ? "roles/bigquery.dataEditor" : "roles/bigquery.dataViewer"
  member     = module.function[each.key].member
}

resource "google_project_iam_member" "store" {
  for_each = local.store_grants

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
