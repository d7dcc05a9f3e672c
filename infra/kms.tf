# What wraps the data keys of organizations. Without this key no credential can ever be opened again.

resource "google_kms_key_ring" "convergence" {
  name       = "convergence"
  location   = var.region
  depends_on = [google_project_service.apis]
}

resource "google_kms_crypto_key" "data_keys" {
  name     = "data-keys"
  key_ring = google_kms_key_ring.convergence.id
  purpose  = "ENCRYPT_DECRYPT"

  # New data keys are wrapped by the newest version; older versions go on opening what they wrapped.
  rotation_period            = "7776000s" # 90 days
  destroy_scheduled_duration = "2592000s" # 30 days to think better of it

  lifecycle {
    prevent_destroy = true
  }
}
