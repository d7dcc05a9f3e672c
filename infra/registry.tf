# Where images are. Deployments name them by digest; tags only say which commit they are of.

resource "google_artifact_registry_repository" "images" {
  #checkov:skip=CKV_GCP_84:images hold published source code and no secret
  repository_id = "convergence"
  description   = "Images of Convergence's functions"
  location      = var.region
  format        = "DOCKER"

  docker_config {
    immutable_tags = true
  }

  # What matches a KEEP stays, whatever a DELETE says: there is always something to roll back to.
  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      tag_state  = "ANY"
      older_than = "5184000s" # 60 days
    }
  }

  depends_on = [google_project_service.apis]
}
