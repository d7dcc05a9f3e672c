# Large imports: one run per execution, as long as it takes, by the worker's image and in its name.

locals {
  import_job = "projects/${var.project}/locations/${var.region}/jobs/run-import"

  # The worker asks for less by itself, see IMPORT_JOB_TIMEOUT_SECONDS.
  longest_import_seconds = 86400
}

resource "google_cloud_run_v2_job" "imports" {
  name                = "run-import"
  location            = var.region
  deletion_protection = var.protect

  template {
    template {
      service_account = module.function["run-pipeline-worker"].email
      timeout         = "${local.longest_import_seconds}s"
      max_retries     = 3

      containers {
        image = var.images["run-pipeline"]
        args  = ["import"]

        dynamic "env" {
          for_each = merge(local.settings, local.settings_of["run-pipeline-worker"])
          content {
            name  = env.key
            value = env.value
          }
        }

        dynamic "env" {
          for_each = local.secrets_of["run-pipeline-worker"]
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

        resources {
          limits = { cpu = "4", memory = "4Gi" }
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [template[0].template[0].containers[0].image, client, client_version]
  }
}
