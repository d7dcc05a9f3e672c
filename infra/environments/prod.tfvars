# Production. Replace what names your project; secrets are never here.
project     = "example-convergence-prod"
environment = "production"
region      = "europe-west1"
data_location = {
  bigquery  = "EU"
  firestore = "eur3" # two regions: survives the loss of one
}
domain       = "costs.example.com"
alert_emails = ["oncall@example.com"]
budget       = { billing_account = "000000-000000-000000", currency = "EUR", units = 1000 }

protect       = true
min_instances = 1
workers       = 20
