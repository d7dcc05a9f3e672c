# The deployment's own dataset. Its 15 tables come from configs/setup/bootstrap when the operator bootstraps;
# organizations' datasets are made by the code when an organization is onboarded.

resource "google_bigquery_dataset" "organizations" {
  #checkov:skip=CKV_GCP_81:Google encrypts it at rest; credentials are sealed before they get anywhere, and are in no table
  dataset_id  = "organizations"
  description = "What was: the ledgers of Convergence"
  location    = var.data_location.bigquery

  # How far back a table can be restored by time travel.
  max_time_travel_hours      = 168
  delete_contents_on_destroy = !var.protect
  deletion_policy            = var.protect ? "PREVENT" : "DELETE"

  lifecycle {
    # The code labels its datasets.
    ignore_changes = [labels]
  }

  depends_on = [google_project_service.apis]
}
