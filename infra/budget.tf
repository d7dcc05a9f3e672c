# What we cost ourselves.

resource "google_billing_budget" "project" {
  for_each = var.budget == null ? {} : { (var.project) = var.budget }

  display_name    = "Convergence ${local.env}"
  billing_account = each.value.billing_account

  budget_filter {
    projects = ["projects/${data.google_project.this.number}"]
  }

  amount {
    specified_amount {
      currency_code = each.value.currency
      units         = each.value.units
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1]
    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1.2
    spend_basis       = "FORECASTED_SPEND"
  }

  all_updates_rule {
    monitoring_notification_channels = local.channels
  }

  depends_on = [google_project_service.apis]
}
