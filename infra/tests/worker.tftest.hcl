# Nobody but Pub/Sub calls the worker, one message at a time.

mock_provider "google" {
  source          = "./tests/mocks"
  override_during = plan
}

run "the_worker_is_private_to_the_push_account" {
  command = plan

  assert {
    condition     = module.function["run-pipeline-worker"].service.ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY"
    error_message = "The worker answers Google's services of this project only."
  }

  assert {
    condition     = !module.function["run-pipeline-worker"].service.invoker_iam_disabled
    error_message = "Cloud Run checks who calls the worker."
  }

  assert {
    condition     = tomap(module.function["run-pipeline-worker"].invokers) == tomap({ push = "serviceAccount:pubsub-push@example.iam.gserviceaccount.com" })
    error_message = "Only the account that delivers messages may call the worker."
  }

  assert {
    condition     = !contains(keys(local.behind), "run-pipeline-worker")
    error_message = "The load balancer does not know the worker."
  }
}

run "the_worker_takes_one_message_at_a_time" {
  command = plan

  assert {
    condition     = module.function["run-pipeline-worker"].service.template[0].max_instance_request_concurrency == 1
    error_message = "One request at a time: a run has the instance to itself."
  }

  assert {
    condition = alltrue([
      for seconds in [
        tonumber(local.settings_of["run-pipeline-worker"].DELIVERY_TIMEOUT_SECONDS),
        tonumber(trimsuffix(module.function["run-pipeline-worker"].service.template[0].timeout, "s")),
      ] : seconds == google_pubsub_subscription.runs["push"].ack_deadline_seconds
    ])
    error_message = "A delivery may take as long as Pub/Sub waits for it: the worker, Cloud Run and the subscription agree."
  }
}

run "a_token_without_signature_is_taken_only_where_cloud_run_has_checked_it" {
  command = plan

  assert {
    condition = alltrue([
      for name, it in module.function :
      contains(keys(local.settings_of[name]), "OIDC_SIGNATURE") == !it.service.invoker_iam_disabled
    ])
    error_message = "OIDC_SIGNATURE goes together with Cloud Run's own check, in both directions."
  }
}

run "nobody_is_everybody" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for it in module.function : [for member in values(it.invokers) : startswith(member, "serviceAccount:")]
    ]))
    error_message = "allUsers and allAuthenticatedUsers call nothing."
  }
}
