# From the two tables: which services there are, what each may do, and how each is set.

locals {
  functions    = yamldecode(file("${path.module}/functions.yaml"))
  capabilities = yamldecode(file("${path.module}/capabilities.yaml"))

  # What the capabilities of a service touch, without what it never uses.
  permissions = {
    for name, function in local.functions : name => setsubtract(
      toset(flatten([for need in function.needs : local.capabilities[need]])),
      toset(try(function.unused, [])),
    )
  }

  # The services that hold a permission: what the grants go through.
  holders = {
    for permission in distinct(flatten(values(local.capabilities))) : permission => toset([
      for name, held in local.permissions : name if contains(held, permission)
    ])
  }

  # Cloud Run's address of a service is known before the service is, so a service can be told its own.
  addresses = {
    for name in keys(local.functions) :
    name => "https://${name}-${data.google_project.this.number}.${var.region}.run.app"
  }

  public = { for name, function in local.functions : name => function if function.caller == "internet" }
}

module "function" {
  source   = "./modules/service"
  for_each = local.functions

  name     = each.key
  region   = var.region
  image    = var.images[each.value.crate]
  settings = merge(local.settings, local.settings_of[each.key])
  secrets  = local.secrets_of[each.key]

  public   = each.value.caller == "internet"
  invokers = each.value.caller == "push" ? { push = google_service_account.push.member } : {}

  timeout     = each.value.timeout
  memory      = each.value.memory
  cpu         = try(each.value.cpu, 1)
  concurrency = each.value.caller == "push" ? 1 : 80
  instances = {
    min = each.value.caller == "internet" ? var.min_instances : 0
    max = each.value.caller == "push" ? var.workers : 20
  }

  protect    = var.protect
  depends_on = [google_project_service.apis]
}
