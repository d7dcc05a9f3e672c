# Each service has an account of its own, and that account no more than its capabilities touch.

mock_provider "google" {
  source          = "./tests/mocks"
  override_during = plan
}

run "every_service_has_its_own_account" {
  command = plan

  assert {
    condition     = length(distinct([for it in module.function : it.account_id])) == length(local.functions)
    error_message = "No two services share an account."
  }

  assert {
    condition     = alltrue([for name, it in module.function : it.account_id == "fn-${name}"])
    error_message = "An account is named after its service."
  }
}

run "nobody_is_owner_or_editor" {
  command = plan

  assert {
    condition = length(setintersection(
      toset(["roles/owner", "roles/editor", "roles/viewer"]),
      toset(concat(
        [for it in google_project_iam_member.tables_read : it.role],
        [for it in google_project_iam_member.tables_write : it.role],
        [for it in google_project_iam_member.datasets_make : it.role],
        [for it in google_project_iam_member.query : it.role],
        [for it in google_project_iam_member.read_answers : it.role],
        [for it in google_project_iam_member.store : it.role],
        [for it in google_project_iam_member.deployer : it.role],
        [for it in google_project_iam_member.push_receives_events : it.role],
      )),
    )) == 0
    error_message = "Basic roles give everything to everybody."
  }
}

run "costs_only_read" {
  command = plan

  assert {
    condition     = google_project_iam_member.store["costs"].role == "roles/datastore.viewer"
    error_message = "Costs write no documents."
  }

  assert {
    condition     = length(setintersection(local.permissions["costs"], toset(["tables.write", "datasets.make", "keys.use", "files.use", "queue.publish"]))) == 0
    error_message = "Costs change nothing and open no credential."
  }
}

run "only_the_worker_writes_organizations_tables" {
  command = plan

  assert {
    condition     = local.holders["tables.write"] == toset(["run-pipeline-worker"])
    error_message = "Rows of costs are written by runs, which the worker executes."
  }

  assert {
    condition     = local.holders["datasets.make"] == toset(["bootstrap", "onboard", "scheduler"])
    error_message = "Datasets come with bootstrap and onboarding, and go with the sweep."
  }
}

run "the_root_key_is_where_its_routes_are" {
  command = plan

  assert {
    condition = toset([
      for name, secrets in local.secrets_of : name if contains(keys(secrets), "CA_ROOT_API_KEY")
    ]) == toset(["bootstrap", "onboard", "scheduler"])
    error_message = "A function without routes of the root key never sees it."
  }

  assert {
    condition     = alltrue([for name, secrets in local.secrets_of : contains(keys(secrets), "HASH_KEY")])
    error_message = "Every function checks API keys."
  }
}

run "rights_on_documents_are_for_our_database_only" {
  command = plan

  assert {
    condition     = alltrue([for it in google_project_iam_member.store : startswith(it.condition[0].expression, "resource.name == ")])
    error_message = "A role of the project on Firestore is bound to one database."
  }

  assert {
    condition     = toset(keys(google_project_iam_member.store)) == toset(keys(local.functions))
    error_message = "Every function reads the store, at least to check keys."
  }
}
