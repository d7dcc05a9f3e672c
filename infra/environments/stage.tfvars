# Staging: the same shape, smaller, and it may be thrown away.
project     = "example-convergence-stage"
environment = "staging"
region      = "europe-west1"
data_location = {
  bigquery  = "EU"
  firestore = "europe-west1"
}
domain       = "costs.stage.example.com"
alert_emails = ["dev@example.com"]
budget       = { billing_account = "000000-000000-000000", currency = "EUR", units = 100 }

protect       = false
min_instances = 0
workers       = 3
