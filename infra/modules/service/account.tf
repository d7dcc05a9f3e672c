# The service's own account, and the secrets that it reads. Other rights are granted by whoever owns the resource.

resource "google_service_account" "this" {
  account_id   = "fn-${var.name}"
  display_name = "Cloud Run service ${var.name}"
}

resource "google_secret_manager_secret_iam_member" "reads" {
  for_each = var.secrets

  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.this.member
}
