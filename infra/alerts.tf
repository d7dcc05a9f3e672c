# Who is told, of what, and what they do first. docs/OPERATIONS.md has the long answers.

locals {
  channels = [for channel in google_monitoring_notification_channel.emails : channel.id]

  # A run ends in the worker, or in the job of large imports: a source is not stale because a job feeds it.
  logged = "resource.type = one_of(\"cloud_run_revision\", \"cloud_run_job\") AND metric.type = \"logging.googleapis.com/user/convergence"

  alerts = {
    dead_letters = {
      name       = "A message was given up"
      filter     = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.dead.name}\" AND metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      aligner    = "ALIGN_MAX"
      severity   = "CRITICAL"
      what_to_do = "Pub/Sub could not deliver it ten times: the worker is down or refuses. List dead letters, repair, replay: OPERATIONS, *Dead letters*."
    }
    runs_waiting = {
      name       = "Runs wait for the worker"
      filter     = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id != \"${google_pubsub_subscription.dead.name}\" AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      aligner    = "ALIGN_MAX"
      threshold  = 3600
      lasting    = 600
      severity   = "WARNING"
      what_to_do = "The oldest run has waited an hour: too few workers (`workers`), or a worker that hangs."
    }
    failed_runs = {
      name       = "Runs fail"
      filter     = "${local.logged}/run_ended\" AND metric.labels.status = monitoring.regex.full_match(\"FAILED|TIMED_OUT\")"
      by         = ["metric.label.pipeline"]
      window     = 3600
      threshold  = 2
      severity   = "WARNING"
      what_to_do = "More than two runs of one pipeline failed within an hour: the provider's API has changed, or ours has. The run says why: `GET /api/v1/pipelines/{org}/runs?status=FAILED`."
    }
    stale_sources = {
      name       = "A source has brought nothing for a day"
      filter     = "${local.logged}/run_ended\" AND metric.labels.status = \"COMPLETED\""
      by         = ["metric.label.org", "metric.label.source"]
      window     = 86400
      lasting    = 3600
      threshold  = 1
      below      = true
      severity   = "WARNING"
      what_to_do = "It did so before. Look whether its runs fail, whether its integration is still valid, and whether its schedule was paused."
    }
    server_errors = {
      name       = "A function answers 5xx"
      filter     = "resource.type = \"cloud_run_revision\" AND metric.type = \"run.googleapis.com/request_count\" AND metric.labels.response_code_class = \"5xx\""
      by         = ["resource.label.service_name"]
      threshold  = 5
      severity   = "ERROR"
      what_to_do = "Search the log for `request failed`; each line has the cause and the `error_id` that the caller got. After a deployment: `scripts/deploy rollback`."
    }
    messages_dropped = {
      name       = "A message can never be done"
      filter     = "${local.logged}/message_dropped\""
      what_to_do = "Somebody else publishes to our topic, or two versions do not understand each other. The line in the log has the cause."
    }
    ledger_rows_refused = {
      name       = "A table refuses a ledger row"
      filter     = "${local.logged}/ledger_row_refused\""
      by         = ["metric.label.table"]
      what_to_do = "The table lacks a column that the code writes: bootstrap again. Refused rows stay in `outbox_rejected`."
    }
    sweep_missing = {
      name       = "The sweep does not come"
      filter     = "resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"scheduler\" AND metric.type = \"run.googleapis.com/request_count\" AND metric.labels.response_code_class = \"2xx\""
      lasting    = 600
      threshold  = 1
      below      = true
      severity   = "CRITICAL"
      what_to_do = "Nothing is repaired while it is away. Look at the Cloud Scheduler job `sweep`, then at the log of `scheduler`."
    }
  }
}

resource "google_monitoring_notification_channel" "emails" {
  for_each = var.alert_emails

  display_name = each.key
  type         = "email"
  labels       = { email_address = each.key }
  depends_on   = [google_project_service.apis]
}

module "alert" {
  source   = "./modules/alert"
  for_each = local.alerts

  name       = each.value.name
  what_to_do = each.value.what_to_do
  filter     = each.value.filter
  by         = try(each.value.by, [])
  threshold  = try(each.value.threshold, 0)
  below      = try(each.value.below, false)
  window     = try(each.value.window, 300)
  lasting    = try(each.value.lasting, 0)
  aligner    = try(each.value.aligner, "ALIGN_SUM")
  severity   = try(each.value.severity, "ERROR")
  channels   = local.channels

  # A policy on a metric that is not there yet is refused.
  depends_on = [google_logging_metric.lines]
}
