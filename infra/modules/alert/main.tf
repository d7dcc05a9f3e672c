# One condition, one text that says what to do.

resource "google_monitoring_alert_policy" "this" {
  display_name          = var.name
  combiner              = "OR"
  severity              = var.severity
  notification_channels = var.channels

  conditions {
    display_name = var.name

    condition_threshold {
      filter                  = var.filter
      comparison              = var.below ? "COMPARISON_LT" : "COMPARISON_GT"
      threshold_value         = var.threshold
      duration                = "${var.lasting}s"
      evaluation_missing_data = var.below && var.lasting > 0 ? "EVALUATION_MISSING_DATA_ACTIVE" : null

      aggregations {
        alignment_period     = "${var.window}s"
        per_series_aligner   = var.aligner
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = var.by
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    mime_type = "text/markdown"
    content   = var.what_to_do
  }
}
