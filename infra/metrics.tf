# Metrics counted from log lines. Each names the message that the code logs; a test looks for it there.

locals {
  metrics = {
    run_ended = {
      message = "run ended"
      help    = "Runs that came to an end"
      labels  = { status = "jsonPayload.status", pipeline = "jsonPayload.pipeline", org = "jsonPayload.org", source = "jsonPayload.source" }
    }
    request_failed = {
      message = "request failed"
      help    = "Requests that ended with a failure of ours"
      labels  = { function = "labels.function" }
    }
    message_dropped = {
      message = "message can never be done, dropped"
      help    = "Messages that no attempt can do"
      labels  = {}
    }
    ledger_row_refused = {
      message = "a table refuses a ledger row"
      help    = "Ledger rows that were put aside because their table refuses them"
      labels  = { table = "jsonPayload.table" }
    }
  }
}

resource "google_logging_metric" "lines" {
  for_each = local.metrics

  name        = "convergence/${each.key}"
  description = each.value.help
  filter      = "resource.type=(\"cloud_run_revision\" OR \"cloud_run_job\") AND jsonPayload.message=\"${each.value.message}\""

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key = labels.key
      }
    }
  }

  label_extractors = { for label, field in each.value.labels : label => "EXTRACT(${field})" }

  depends_on = [google_project_service.apis]
}
