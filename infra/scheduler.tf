# What comes by the clock.

locals {
  # Path of the scheduler function → when. The sweep finishes whatever a crash, a lost message or a wait left.
  clock = {
    sweep = { path = "/internal/scheduler/sweep", cron = "* * * * *" }
  }
}

# Triggers what is due; the scheduler function knows it by name.
resource "google_service_account" "clock" {
  account_id   = "cloud-scheduler"
  display_name = "Triggers what is due"
}

resource "google_cloud_scheduler_job" "clock" {
  for_each = local.clock

  name             = each.key
  schedule         = each.value.cron
  time_zone        = "Etc/UTC"
  region           = var.region
  attempt_deadline = "320s" # a sweep takes at most 5 minutes
  paused           = false  # whoever paused it to restore something applies, and it comes again

  # The next minute is the retry.
  retry_config {
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = "${local.addresses["scheduler"]}${each.value.path}"

    oidc_token {
      service_account_email = google_service_account.clock.email
      audience              = local.addresses["scheduler"]
    }
  }

  depends_on = [google_project_service.apis, module.function]
}
