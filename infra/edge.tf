# One address, one domain; each path goes to its function. Paths that no function has go to the console, or where
# there is none to onboard, which answers 404 in our shape.

locals {
  behind = merge(
    { for name, function in local.public : name => { service = module.function[name].name, paths = function.paths } },
    { for name, it in module.frontend : name => { service = it.name, paths = [] } },
  )

  default_backend = google_compute_backend_service.behind[var.frontend_image == null ? "onboard" : "frontend"].id
}

resource "google_compute_region_network_endpoint_group" "behind" {
  for_each = local.behind

  name                  = each.key
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = each.value.service
  }
}

resource "google_compute_backend_service" "behind" {
  for_each = local.behind

  name                  = each.key
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.edge.id

  backend {
    group = google_compute_region_network_endpoint_group.behind[each.key].id
  }

  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_compute_url_map" "https" {
  name            = "convergence"
  default_service = local.default_backend

  host_rule {
    hosts        = [var.domain]
    path_matcher = "functions"
  }

  path_matcher {
    name            = "functions"
    default_service = local.default_backend

    dynamic "path_rule" {
      for_each = { for name, it in local.behind : name => it.paths if length(it.paths) > 0 }
      content {
        paths   = path_rule.value
        service = google_compute_backend_service.behind[path_rule.key].id
      }
    }
  }
}

resource "google_compute_target_https_proxy" "https" {
  name             = "convergence"
  url_map          = google_compute_url_map.https.id
  ssl_certificates = [google_compute_managed_ssl_certificate.domain.id]
  ssl_policy       = google_compute_ssl_policy.modern.id
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "convergence-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.edge.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.https.id
}
