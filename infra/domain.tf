# The domain: its address, record and certificate; plain HTTP is sent to HTTPS.

resource "google_compute_global_address" "edge" {
  name       = "convergence"
  depends_on = [google_project_service.apis]
}

resource "google_dns_record_set" "domain" {
  for_each = var.dns_zone == null ? toset([]) : toset([var.dns_zone])

  managed_zone = each.key
  name         = "${var.domain}."
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.edge.address]
}

resource "google_compute_managed_ssl_certificate" "domain" {
  # A certificate cannot change its domain: another domain is another certificate.
  name = "convergence-${substr(sha256(var.domain), 0, 8)}"

  managed {
    domains = [var.domain]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_ssl_policy" "modern" {
  name            = "convergence"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_url_map" "http" {
  name = "convergence-http"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }
}

resource "google_compute_target_http_proxy" "http" {
  name    = "convergence-http"
  url_map = google_compute_url_map.http.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "convergence-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.edge.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.http.id
}
