# Who may call a service.

mock_provider "google" {}

variables {
  name        = "worker"
  region      = "europe-west1"
  image       = "region-docker.pkg.dev/p/convergence/worker@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  public      = false
  invokers    = { push = "serviceAccount:push@example.iam.gserviceaccount.com" }
  timeout     = 60
  memory      = "512Mi"
  concurrency = 1
  instances   = { min = 0, max = 1 }
  protect     = false
}

run "a_private_service_lets_in_whom_it_names" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service_iam_member.invokers["push"].member == "serviceAccount:push@example.iam.gserviceaccount.com"
    error_message = "The named account may call."
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.invokers["push"].role == "roles/run.invoker"
    error_message = "It may call, and nothing else."
  }
}

run "a_private_service_without_callers_is_refused" {
  command = plan

  variables {
    invokers = {}
  }

  expect_failures = [google_cloud_run_v2_service.this]
}

run "a_public_service_with_a_list_of_callers_is_refused" {
  command = plan

  variables {
    public = true
  }

  expect_failures = [google_cloud_run_v2_service.this]
}

run "everybody_is_no_caller" {
  command = plan

  variables {
    invokers = { everybody = "allUsers" }
  }

  expect_failures = [var.invokers]
}
