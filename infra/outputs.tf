output "address" {
  description = "What the domain's A record has to say, where DNS is elsewhere."
  value       = google_compute_global_address.edge.address
}

output "repository" {
  description = "Where images are pushed."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "worker_account" {
  description = "The account that customers grant access to their billing export, or to impersonate theirs."
  value       = module.function["run-pipeline-worker"].email
}

output "services" {
  description = "Every Cloud Run service, with the account that it has of its own."
  value       = { for name, it in merge(module.function, module.frontend) : name => it.email }
}

output "eventarc_subscription" {
  description = "The subscription that Eventarc made, where it delivers."
  value       = one([for trigger in google_eventarc_trigger.runs : trigger.transport[0].pubsub[0].subscription])
}
