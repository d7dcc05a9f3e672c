# The project: what it is called in names, and which APIs are on.

locals {
  # As in the names of organizations' datasets.
  env = { production = "prod", staging = "stage" }[var.environment]

  labels = { app = "convergence", env = local.env }

  apis = toset([
    "artifactregistry",
    "bigquery",
    "bigquerystorage",
    "billingbudgets",
    "cloudbuild",
    "cloudkms",
    "cloudresourcemanager",
    "cloudscheduler",
    "compute",
    "eventarc",
    "firestore",
    "iam",
    "iamcredentials",
    "logging",
    "monitoring",
    "pubsub",
    "run",
    "secretmanager",
    "storage",
  ])
}

data "google_project" "this" {
  project_id = var.project
}

resource "google_project_service" "apis" {
  for_each = local.apis

  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}
