# Runs on their way to the worker, and those that were given up.

locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  dead_letters = "pubsub://${var.project}/subscriptions/${google_pubsub_subscription.dead.name}"
}

# Delivers messages; the only account that may call the worker.
resource "google_service_account" "push" {
  account_id   = "pubsub-push"
  display_name = "Delivers runs to the worker"
}

resource "google_service_account_iam_member" "push_token" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
}

resource "google_pubsub_topic" "runs" {
  #checkov:skip=CKV_GCP_83:Google encrypts it at rest; a message has the id of a run, no data and no secret
  name                       = "pipeline-runs"
  message_retention_duration = "86400s"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.apis]
}

resource "google_pubsub_subscription" "runs" {
  for_each = var.eventarc == null ? toset(["push"]) : toset([])

  name                       = "pipeline-runs"
  topic                      = google_pubsub_topic.runs.id
  ack_deadline_seconds       = 600 # as long as Pub/Sub waits for a push
  message_retention_duration = "604800s"

  push_config {
    push_endpoint = "${local.addresses["run-pipeline-worker"]}/internal/pubsub/pipeline-runs"

    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = local.addresses["run-pipeline-worker"]
    }
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead.id
    max_delivery_attempts = 10
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  # It never ends by itself.
  expiration_policy {
    ttl = ""
  }

  depends_on = [google_pubsub_topic_iam_member.give_up]
}

resource "google_pubsub_topic" "dead" {
  #checkov:skip=CKV_GCP_83:Google encrypts it at rest; a message has the id of a run, no data and no secret
  name = "pipeline-runs-dead"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.apis]
}

# Without a subscription a dead letter would be lost. The scheduler shows and replays what is here.
resource "google_pubsub_subscription" "dead" {
  name                       = "pipeline-runs-dead"
  topic                      = google_pubsub_topic.dead.id
  ack_deadline_seconds       = 60
  message_retention_duration = "2678400s" # 31 days, the most there is

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub moves dead letters in its own name: it publishes there and acknowledges here.
resource "google_pubsub_topic_iam_member" "give_up" {
  topic  = google_pubsub_topic.dead.name
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "give_up" {
  for_each = google_pubsub_subscription.runs

  subscription = each.value.name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
