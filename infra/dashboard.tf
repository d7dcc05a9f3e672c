# One page to look at: requests and failures, how fast, runs, what waits, what was given up, what it reads.

locals {
  charts = [
    { title = "Requests by function", by = "resource.label.service_name", filter = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/request_count\"", aligner = "ALIGN_RATE" },
    { title = "5xx by function", by = "resource.label.service_name", filter = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/request_count\" metric.label.response_code_class=\"5xx\"", aligner = "ALIGN_RATE" },
    { title = "Latency by function, 95th percentile, ms", by = "resource.label.service_name", filter = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/request_latencies\"", aligner = "ALIGN_PERCENTILE_95" },
    { title = "Instances by function", by = "resource.label.service_name", filter = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/container/instance_count\"", aligner = "ALIGN_MAX" },
    { title = "Runs that ended, by status", by = "metric.label.status", filter = "resource.type=one_of(\"cloud_run_revision\",\"cloud_run_job\") metric.type=\"logging.googleapis.com/user/convergence/run_ended\"", aligner = "ALIGN_DELTA" },
    { title = "Executions of large imports, by result", by = "metric.label.result", filter = "resource.type=\"cloud_run_job\" resource.label.job_name=\"${google_cloud_run_v2_job.imports.name}\" metric.type=\"run.googleapis.com/job/completed_execution_count\"", aligner = "ALIGN_DELTA" },
    { title = "Age of the oldest waiting run, s", by = "resource.label.subscription_id", filter = "resource.type=\"pubsub_subscription\" metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\"", aligner = "ALIGN_MAX" },
    { title = "Dead letters", by = "resource.label.subscription_id", filter = "resource.type=\"pubsub_subscription\" resource.label.subscription_id=\"${google_pubsub_subscription.dead.name}\" metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\"", aligner = "ALIGN_MAX" },
    { title = "Bytes that BigQuery billed", by = "resource.label.project_id", filter = "resource.type=\"global\" metric.type=\"bigquery.googleapis.com/query/scanned_bytes_billed\"", aligner = "ALIGN_DELTA" },
  ]
}

resource "google_monitoring_dashboard" "convergence" {
  dashboard_json = jsonencode({
    displayName = "Convergence ${local.env}"
    mosaicLayout = {
      columns = 12
      tiles = [
        for place, chart in local.charts : {
          xPos   = (place % 2) * 6
          yPos   = floor(place / 2) * 4
          width  = 6
          height = 4
          widget = {
            title = chart.title
            xyChart = {
              dataSets = [{
                plotType = "LINE"
                timeSeriesQuery = {
                  timeSeriesFilter = {
                    filter = chart.filter
                    aggregation = {
                      alignmentPeriod    = "60s"
                      perSeriesAligner   = chart.aligner
                      crossSeriesReducer = strcontains(chart.title, "Latency") ? "REDUCE_MAX" : "REDUCE_SUM"
                      groupByFields      = [chart.by]
                    }
                  }
                }
              }]
            }
          }
        }
      ]
    }
  })

  depends_on = [google_logging_metric.lines]
}
