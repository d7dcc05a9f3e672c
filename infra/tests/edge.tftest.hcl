# What comes from the internet.

mock_provider "google" {
  source          = "./tests/mocks"
  override_during = plan
}

run "internal_routes_are_not_on_the_internet" {
  command = plan

  assert {
    condition = length([
      for rule in google_compute_security_policy.edge.rule : rule
      if rule.priority == 100 && rule.action == "deny(404)" && strcontains(try(rule.match[0].expr[0].expression, ""), "/internal")
    ]) == 1
    error_message = "The load balancer refuses /internal before anything else."
  }

  assert {
    condition     = alltrue([for path in flatten([for it in local.behind : it.paths]) : startswith(path, "/api/v1/")])
    error_message = "Only paths of the public API are routed to functions."
  }
}

run "every_address_is_limited" {
  command = plan

  assert {
    condition = anytrue([
      for rule in google_compute_security_policy.edge.rule :
      rule.action == "throttle" && try(rule.rate_limit_options[0].enforce_on_key, "") == "IP" && try(rule.rate_limit_options[0].exceed_action, "") == "deny(429)"
    ])
    error_message = "Too many requests from one address get 429."
  }

  assert {
    condition     = alltrue([for backend in google_compute_backend_service.behind : backend.security_policy == google_compute_security_policy.edge.id])
    error_message = "No backend is without the policy."
  }
}

run "public_functions_answer_the_load_balancer_only" {
  command = plan

  assert {
    condition     = alltrue([for name in keys(local.public) : module.function[name].service.ingress == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"])
    error_message = "Their own addresses answer nobody on the internet."
  }

  assert {
    condition     = toset(keys(google_compute_region_network_endpoint_group.behind)) == toset(keys(local.behind))
    error_message = "Each public function is behind the load balancer."
  }
}

run "nothing_speaks_plain_http_or_old_tls" {
  command = plan

  assert {
    condition     = google_compute_ssl_policy.modern.min_tls_version == "TLS_1_2" && google_compute_url_map.http.default_url_redirect[0].https_redirect
    error_message = "HTTP is sent to HTTPS, which begins at TLS 1.2."
  }
}
