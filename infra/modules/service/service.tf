# What the service is. Which image it runs, and which revision gets how much traffic, is the deployment's.

resource "google_cloud_run_v2_service" "this" {
  name                 = var.name
  location             = var.region
  deletion_protection  = var.protect
  ingress              = var.public ? "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" : "INGRESS_TRAFFIC_INTERNAL_ONLY"
  invoker_iam_disabled = var.public

  template {
    service_account                  = google_service_account.this.email
    timeout                          = "${var.timeout}s"
    max_instance_request_concurrency = var.concurrency

    scaling {
      min_instance_count = var.instances.min
      max_instance_count = var.instances.max
    }

    containers {
      image = var.image

      resources {
        limits            = { cpu = tostring(var.cpu), memory = var.memory }
        cpu_idle          = true
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = var.settings
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = var.secrets
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value.id
              version = env.value.version
            }
          }
        }
      }

      startup_probe {
        period_seconds    = 1
        failure_threshold = 30
        http_get {
          path = var.health
        }
      }

      liveness_probe {
        period_seconds    = 30
        failure_threshold = 3
        http_get {
          path = var.health
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [
      client,
      client_version,
      template[0].containers[0].image,
      template[0].labels,
      template[0].revision,
      traffic,
    ]

    precondition {
      condition     = var.public == (length(var.invokers) == 0)
      error_message = "A private service names who may call it; a public one has no such list."
    }
  }

  # A revision whose secrets cannot be read does not start.
  depends_on = [google_secret_manager_secret_iam_member.reads]
}

resource "google_cloud_run_v2_service_iam_member" "invokers" {
  for_each = var.invokers

  name     = google_cloud_run_v2_service.this.name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value
}
