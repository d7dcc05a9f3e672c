# What Google would answer, where a test compares it.

mock_data "google_project" {
  defaults = { number = "123456789012" }
}

mock_resource "google_service_account" {
  defaults = {
    email  = "service@example.iam.gserviceaccount.com"
    member = "serviceAccount:service@example.iam.gserviceaccount.com"
    name   = "projects/example/serviceAccounts/service@example.iam.gserviceaccount.com"
  }
}

mock_resource "google_project_iam_custom_role" {
  defaults = { name = "projects/example/roles/of_ours" }
}

mock_resource "google_firestore_database" {
  defaults = { id = "projects/example/databases/convergence" }
}

mock_resource "google_compute_security_policy" {
  defaults = { id = "projects/example/global/securityPolicies/convergence" }
}

mock_resource "google_compute_backend_service" {
  defaults = { id = "projects/example/global/backendServices/some" }
}

mock_resource "google_pubsub_topic" {
  defaults = { id = "projects/example/topics/pipeline-runs" }
}

override_resource {
  target = google_pubsub_topic.dead
  values = { id = "projects/example/topics/pipeline-runs-dead" }
}

override_resource {
  target = google_service_account.push
  values = {
    email  = "pubsub-push@example.iam.gserviceaccount.com"
    member = "serviceAccount:pubsub-push@example.iam.gserviceaccount.com"
    name   = "projects/example/serviceAccounts/pubsub-push@example.iam.gserviceaccount.com"
  }
}

override_resource {
  target = google_service_account.clock
  values = {
    email = "cloud-scheduler@example.iam.gserviceaccount.com"
    name  = "projects/example/serviceAccounts/cloud-scheduler@example.iam.gserviceaccount.com"
  }
}

override_resource {
  target = google_compute_backend_service.behind["frontend"]
  values = { id = "projects/example/global/backendServices/frontend" }
}
