# Operational state: what is. Documents, their indexes, and three ways back.

locals {
  # Every query of more than one field, as the store declares it; a test holds the list to the code.
  indexes = jsondecode(file("${path.module}/../configs/system/firestore_indexes.json"))

  # Fields that no query asks for have no index of their own (one on rising times would make writes queue). Where
  # `ttl` is true, Firestore deletes a document some time after that moment; readers judge it themselves.
  fields = jsondecode(file("${path.module}/../configs/system/firestore_fields.json"))
}

resource "google_firestore_database" "store" {
  name        = "convergence"
  location_id = var.data_location.firestore
  type        = "FIRESTORE_NATIVE"

  # Conflicts are found at commit: the store retries them from a fresh read.
  concurrency_mode                  = "OPTIMISTIC"
  app_engine_integration_mode       = "DISABLED"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.protect ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.protect ? "PREVENT" : "DELETE"

  depends_on = [google_project_service.apis]
}

resource "google_firestore_index" "queries" {
  for_each = {
    for index in local.indexes :
    join(" ", concat([index.collection], [for it in index.fields : "${it.field} ${it.order}"])) => index
  }

  database   = google_firestore_database.store.name
  collection = each.value.collection

  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path = fields.value.field
      order      = fields.value.order
    }
  }
}

resource "google_firestore_field" "fields" {
  for_each = { for it in local.fields : "${it.collection} ${it.field}" => it }

  database   = google_firestore_database.store.name
  collection = each.value.collection
  field      = each.value.field

  index_config {}

  dynamic "ttl_config" {
    for_each = each.value.ttl ? [true] : []
    content {}
  }
}

resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.store.name
  retention = "1209600s" # 14 days

  daily_recurrence {}
}
