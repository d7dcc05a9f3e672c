# A second-generation Cloud Function is a container on Cloud Run with an Eventarc trigger. Cloud Functions has no
# Rust runtime, so this is how a function of ours is one: the trigger takes messages of the topic to the worker as
# CloudEvents, whose data is the envelope of a push.
#
# Optional, and instead of the push subscription: Eventarc makes a subscription of its own, with dead letters of
# nobody (the sweep still announces again what got lost). Its tokens are for the address that Cloud Run gave the
# service; `gcloud pubsub subscriptions describe $(terraform output -raw eventarc_subscription)` says which.

resource "google_eventarc_trigger" "runs" {
  for_each = var.eventarc == null ? {} : { runs = var.eventarc }

  name            = "pipeline-runs"
  location        = var.region
  service_account = google_service_account.push.email

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.pubsub.topic.v1.messagePublished"
  }

  transport {
    pubsub {
      topic = google_pubsub_topic.runs.id
    }
  }

  destination {
    cloud_run_service {
      service = module.function["run-pipeline-worker"].name
      region  = var.region
      path    = "/internal/pubsub/pipeline-runs"
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_project_iam_member" "push_receives_events" {
  for_each = google_eventarc_trigger.runs

  project = var.project
  role    = "roles/eventarc.eventReceiver"
  member  = google_service_account.push.member
}
