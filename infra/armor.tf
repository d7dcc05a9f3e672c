# What the load balancer refuses before a function is asked. Functions limit each credential by themselves, per
# instance; this limits each address, over all of them.

resource "google_compute_security_policy" "edge" {
  name = "convergence"

  rule {
    description = "Internal routes are for Pub/Sub and Cloud Scheduler, which do not come this way"
    priority    = 100
    action      = "deny(404)"
    match {
      expr {
        expression = "request.path.lower().startsWith('/internal')"
      }
    }
  }

  rule {
    description = "Known attacks on well-known libraries"
    priority    = 200
    action      = "deny(403)"
    match {
      expr {
        expression = "evaluatePreconfiguredWaf('cve-canary')"
      }
    }
  }

  rule {
    description = "So many requests a minute from one address, then 429"
    priority    = 1000
    action      = "throttle"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = var.requests_per_minute
        interval_sec = 60
      }
    }
  }

  rule {
    description = "Everybody else"
    priority    = 2147483647
    action      = "allow"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  depends_on = [google_project_service.apis]
}
