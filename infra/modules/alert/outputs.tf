output "id" {
  description = "The policy's name."
  value       = google_monitoring_alert_policy.this.name
}
