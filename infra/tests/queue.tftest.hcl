# What is published reaches the worker, and what cannot be delivered is kept.

mock_provider "google" {
  source          = "./tests/mocks"
  override_during = plan
}

run "a_push_is_signed_for_the_worker" {
  command = plan

  assert {
    condition     = google_pubsub_subscription.runs["push"].push_config[0].push_endpoint == "https://run-pipeline-worker-123456789012.${var.region}.run.app/internal/pubsub/pipeline-runs"
    error_message = "Messages go to the worker's push route."
  }

  assert {
    condition     = google_pubsub_subscription.runs["push"].push_config[0].oidc_token[0].audience == local.settings_of["run-pipeline-worker"].OIDC_AUDIENCE
    error_message = "The audience that Pub/Sub writes is the one that the worker asks for."
  }

  assert {
    condition     = google_pubsub_subscription.runs["push"].push_config[0].oidc_token[0].service_account_email == local.settings_of["run-pipeline-worker"].OIDC_PUSH_EMAIL
    error_message = "The account that Pub/Sub signs as is the one that the worker knows."
  }
}

run "a_message_that_cannot_be_delivered_is_kept" {
  command = plan

  assert {
    condition     = google_pubsub_subscription.runs["push"].dead_letter_policy[0].dead_letter_topic == google_pubsub_topic.dead.id
    error_message = "What is given up goes to the dead letters."
  }

  assert {
    condition     = google_pubsub_subscription.runs["push"].dead_letter_policy[0].max_delivery_attempts >= 5
    error_message = "Pub/Sub gives up after 5 attempts at the earliest."
  }

  assert {
    condition     = google_pubsub_subscription.dead.topic == google_pubsub_topic.dead.id && google_pubsub_subscription.dead.message_retention_duration == "2678400s"
    error_message = "A subscription keeps dead letters for 31 days: a topic alone would lose them."
  }

  assert {
    condition     = google_pubsub_subscription.runs["push"].expiration_policy[0].ttl == "" && google_pubsub_subscription.dead.expiration_policy[0].ttl == ""
    error_message = "A quiet month must not delete a subscription."
  }

  assert {
    condition = alltrue([
      google_pubsub_topic_iam_member.give_up.role == "roles/pubsub.publisher",
      google_pubsub_subscription_iam_member.give_up["push"].role == "roles/pubsub.subscriber",
      google_pubsub_topic_iam_member.give_up.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com",
      google_pubsub_subscription_iam_member.give_up["push"].member == google_pubsub_topic_iam_member.give_up.member,
    ])
    error_message = "Pub/Sub's own account publishes dead letters and acknowledges what it moved."
  }
}

run "the_sweep_comes_each_minute_and_says_who_it_is" {
  command = plan

  assert {
    condition     = google_cloud_scheduler_job.clock["sweep"].schedule == "* * * * *" && google_cloud_scheduler_job.clock["sweep"].time_zone == "Etc/UTC"
    error_message = "The sweep comes each minute."
  }

  assert {
    condition     = google_cloud_scheduler_job.clock["sweep"].http_target[0].uri == "https://scheduler-123456789012.${var.region}.run.app/internal/scheduler/sweep"
    error_message = "It goes to the scheduler function, not through the load balancer."
  }

  assert {
    condition = alltrue([
      for job in google_cloud_scheduler_job.clock :
      job.http_target[0].oidc_token[0].service_account_email == local.settings_of["scheduler"].OIDC_SCHEDULER_EMAIL &&
      job.http_target[0].oidc_token[0].audience == local.settings_of["scheduler"].OIDC_AUDIENCE
    ])
    error_message = "Every job signs as the account that the scheduler function knows."
  }
}
