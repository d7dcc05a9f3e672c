# Who builds and deploys: the account that cloudbuild.yaml runs as, and when it runs.

locals {
  # What Terraform needs to make all of this. Whoever may change grants can grant itself the rest, so nothing is
  # applied without approval.
  deployer_roles = toset([
    "roles/artifactregistry.admin",
    "roles/bigquery.dataOwner",
    "roles/cloudbuild.builds.editor",
    "roles/cloudkms.admin",
    "roles/cloudscheduler.admin",
    "roles/compute.loadBalancerAdmin",
    "roles/compute.securityAdmin",
    "roles/datastore.owner",
    "roles/dns.admin",
    "roles/eventarc.admin",
    "roles/iam.roleAdmin",
    "roles/iam.serviceAccountAdmin",
    "roles/logging.configWriter",
    "roles/logging.logWriter",
    "roles/monitoring.editor",
    "roles/pubsub.admin",
    "roles/resourcemanager.projectIamAdmin",
    "roles/run.admin",
    "roles/secretmanager.admin",
    "roles/serviceusage.serviceUsageAdmin",
    "roles/storage.admin",
  ])

  # Whose name it may give to what it makes.
  acts_as = merge(
    { for name, it in merge(module.function, module.frontend) : name => it.account },
    { push = google_service_account.push.name, clock = google_service_account.clock.name },
  )

  # One trigger plans each commit of main, the other deploys one when somebody approves.
  triggers = var.repository == null ? {} : {
    plan   = { approval = false, description = "Checks, tests, builds and plans each commit of main" }
    deploy = { approval = true, description = "Applies that plan and deploys those images, once approved" }
  }
}

resource "google_service_account" "deployer" {
  account_id   = "deployer"
  display_name = "Builds and deploys Convergence"
}

resource "google_project_iam_member" "deployer" {
  #checkov:skip=CKV_GCP_49:it makes the accounts of services and the triggers; each of its builds that applies anything is approved by a person
  for_each = local.deployer_roles

  project = var.project
  role    = each.key
  member  = google_service_account.deployer.member
}

resource "google_service_account_iam_member" "deployer_acts_as" {
  for_each = local.acts_as

  service_account_id = each.value
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.deployer.member
}

resource "google_cloudbuild_trigger" "main" {
  for_each = local.triggers

  name            = each.key
  description     = each.value.description
  location        = var.region
  filename        = "cloudbuild.yaml"
  service_account = google_service_account.deployer.id

  github {
    owner = var.repository.owner
    name  = var.repository.name
    push {
      branch = "^main$"
    }
  }

  approval_config {
    approval_required = each.value.approval
  }

  substitutions = {
    _DO     = each.key
    _ENV    = local.env
    _REGION = var.region
  }

  depends_on = [google_project_service.apis]
}
