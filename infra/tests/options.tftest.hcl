# What can be chosen, and what is refused.

mock_provider "google" {
  source          = "./tests/mocks"
  override_during = plan
}

run "without_an_image_there_is_no_console" {
  command = plan

  assert {
    condition     = length(module.frontend) == 0 && !contains(keys(local.behind), "frontend")
    error_message = "The console comes with its image."
  }
}

run "the_console_gets_every_other_path_and_no_rights" {
  command = plan

  variables {
    frontend_image = "region-docker.pkg.dev/p/convergence/frontend@sha256:${sha256("frontend")}"
  }

  assert {
    condition     = google_compute_url_map.https.default_service == google_compute_backend_service.behind["frontend"].id
    error_message = "What is not the API is the console's."
  }

  assert {
    condition     = length(module.frontend["frontend"].secrets) == 0
    error_message = "The console reads no secret."
  }
}

run "eventarc_delivers_instead_of_a_subscription_of_ours" {
  command = plan

  variables {
    eventarc = { audience = "https://run-pipeline-worker-abcdefghij-ew.a.run.app" }
  }

  assert {
    condition     = length(google_pubsub_subscription.runs) == 0 && length(google_eventarc_trigger.runs) == 1
    error_message = "A run is delivered once, by one of the two."
  }

  assert {
    condition     = local.settings_of["run-pipeline-worker"].OIDC_AUDIENCE == "https://run-pipeline-worker-abcdefghij-ew.a.run.app"
    error_message = "The worker asks for the audience that Eventarc writes."
  }

  assert {
    condition     = google_eventarc_trigger.runs["runs"].service_account == google_service_account.push.email
    error_message = "Events come in the name of the one account that may call the worker."
  }
}

run "nothing_is_deployed_without_approval" {
  command = plan

  variables {
    repository = { owner = "example", name = "convergence" }
  }

  assert {
    condition     = google_cloudbuild_trigger.main["deploy"].approval_config[0].approval_required && google_cloudbuild_trigger.main["deploy"].substitutions["_DO"] == "deploy"
    error_message = "Somebody looks at the plan first."
  }

  assert {
    condition     = google_cloudbuild_trigger.main["plan"].substitutions["_DO"] == "plan"
    error_message = "Planning changes nothing, so it needs no approval."
  }
}

run "an_image_by_tag_is_refused" {
  command = plan

  variables {
    images = { costs = "region-docker.pkg.dev/p/convergence/costs:latest" }
  }

  expect_failures = [var.images]
}

run "a_development_deployment_is_refused" {
  command = plan

  variables {
    environment = "development"
  }

  expect_failures = [var.environment]
}
