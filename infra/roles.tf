# Roles of our own, where Google's give too much: organizations' datasets do not exist when this is applied, so rights
# on their tables are the project's.

resource "google_project_iam_custom_role" "tables" {
  role_id     = "convergence.tables"
  title       = "Convergence: tables of organizations"
  description = "Makes, fills, replaces and queries tables; finishes a job that another instance left."
  permissions = [
    "bigquery.datasets.get",
    "bigquery.jobs.get",
    "bigquery.jobs.update",
    "bigquery.tables.create",
    "bigquery.tables.delete",
    "bigquery.tables.get",
    "bigquery.tables.getData",
    "bigquery.tables.list",
    "bigquery.tables.update",
    "bigquery.tables.updateData",
  ]
}

resource "google_project_iam_custom_role" "datasets" {
  role_id     = "convergence.datasets"
  title       = "Convergence: datasets of organizations"
  description = "Makes a dataset and its empty tables when an organization comes, drops them when it goes. Reads no data."
  permissions = [
    "bigquery.datasets.create",
    "bigquery.datasets.delete",
    "bigquery.datasets.get",
    "bigquery.datasets.update",
    "bigquery.tables.create",
    "bigquery.tables.delete",
    "bigquery.tables.get",
    "bigquery.tables.list",
    "bigquery.tables.update",
  ]
}
