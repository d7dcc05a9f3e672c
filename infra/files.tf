# Uploads and imported files.

resource "google_storage_bucket" "files" {
  #checkov:skip=CKV_GCP_62:Cloud Audit Logs say who read what, once data access logs are switched on; server access logs are their older form
  #checkov:skip=CKV_GCP_78:objects are named by their hash and never overwritten; soft delete brings back what was deleted
  name                        = "${var.project}-files"
  location                    = var.region
  force_destroy               = !var.protect
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # What is deleted can be had back for a week. Objects are named by their hash: none is ever overwritten.
  soft_delete_policy {
    retention_duration_seconds = 604800
  }

  lifecycle_rule {
    condition {
      age = 1
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  # Nobody comes back to what was uploaded and never imported.
  lifecycle_rule {
    condition {
      age            = 3
      matches_prefix = ["incoming/"]
    }
    action {
      type = "Delete"
    }
  }

  # An imported file is read once; after that it is evidence.
  lifecycle_rule {
    condition {
      age                   = 30
      matches_storage_class = ["STANDARD"]
    }
    action {
      type          = "SetStorageClass"
      storage_class = "NEARLINE"
    }
  }

  # Browsers upload to signed URLs.
  cors {
    origin          = concat(["https://${var.domain}"], var.console_origins)
    method          = ["PUT"]
    response_header = ["Content-Type", "x-goog-content-length-range", "x-goog-if-generation-match"]
    max_age_seconds = 3600
  }

  depends_on = [google_project_service.apis]
}
