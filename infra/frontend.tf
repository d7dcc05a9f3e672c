# The console, where its image is given. It talks to the API as any caller does: its account may do nothing else.

module "frontend" {
  source   = "./modules/service"
  for_each = var.frontend_image == null ? {} : { frontend = var.frontend_image }

  name   = each.key
  region = var.region
  image  = each.value
  health = "/"
  public = true
  settings = {
    API_SERVICE_URL      = "https://${var.domain}"
    PIPELINE_SERVICE_URL = "https://${var.domain}"
  }

  timeout     = 60
  memory      = "512Mi"
  concurrency = 80
  instances   = { min = var.min_instances, max = 10 }
  protect     = var.protect
  depends_on  = [google_project_service.apis]
}
