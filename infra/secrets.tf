# Secrets that the settings name. Only the secrets are made here: a person adds versions, so that no value
# is ever in Terraform's state (docs/OPERATIONS.md says how).

locals {
  secrets = {
    root-key = "CA_ROOT_API_KEY"
    hash-key = "HASH_KEY"
  }

  # Every function checks API keys; only those that serve routes of the root key ever see it.
  secrets_of = {
    for name, function in local.functions : name => {
      for secret, setting in local.secrets : setting => {
        id      = google_secret_manager_secret.secrets[secret].id
        version = var.secret_versions[secret]
      } if secret != "root-key" || function.root_key
    }
  }
}

resource "google_secret_manager_secret" "secrets" {
  for_each = local.secrets

  secret_id           = each.key
  deletion_protection = var.protect

  # A destroyed version can be had back for a week.
  version_destroy_ttl = "604800s"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.apis]
}
