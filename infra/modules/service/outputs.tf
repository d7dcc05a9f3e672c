output "name" {
  description = "The service's name."
  value       = google_cloud_run_v2_service.this.name
}

output "account" {
  description = "The service account, as IAM names the resource."
  value       = google_service_account.this.name
}

output "email" {
  description = "The service account's address."
  value       = google_service_account.this.email
}

output "member" {
  description = "The service account, as a member of a policy."
  value       = google_service_account.this.member
}

output "account_id" {
  description = "The service account's name within the project."
  value       = google_service_account.this.account_id
}

output "service" {
  description = "The service, as it was asked for."
  value       = google_cloud_run_v2_service.this
}

output "invokers" {
  description = "Who may call it, where Cloud Run asks."
  value       = { for name, grant in google_cloud_run_v2_service_iam_member.invokers : name => grant.member }
}

output "secrets" {
  description = "The settings whose values are secrets."
  value       = keys(var.secrets)
}
