# What differs between deployments. One project per environment: it holds nothing but Convergence.

variable "project" {
  description = "Id of the Google Cloud project, which holds nothing else: organizations' datasets are made in it at run time."
  type        = string
}

variable "environment" {
  description = "`production` or `staging`, as the setting ENVIRONMENT."
  type        = string

  validation {
    condition     = contains(["production", "staging"], var.environment)
    error_message = "A process on Cloud Run starts as `production` or `staging` only."
  }
}

variable "region" {
  description = "Where services, topics, keys, images and files are."
  type        = string
}

variable "data_location" {
  description = "Where BigQuery and Firestore keep data: a region, or for BigQuery `EU` or `US`."
  type = object({
    bigquery  = string
    firestore = string
  })
}

variable "domain" {
  description = "The name under which the API and the console answer."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain))
    error_message = "A domain, as in `costs.example.com`."
  }
}

variable "dns_zone" {
  description = "A Cloud DNS zone of this project that gets the domain's record; none where DNS is elsewhere."
  type        = string
  default     = null
}

variable "images" {
  description = "The image of each function, by digest. They matter when a service is made; later the deployment chooses (see cloudbuild.yaml)."
  type        = map(string)

  validation {
    condition     = alltrue([for image in values(var.images) : can(regex("@sha256:[0-9a-f]{64}$", image))])
    error_message = "Images are named by digest: a tag may change its mind."
  }
}

variable "frontend_image" {
  description = "The console's image, by digest; without one there is no console."
  type        = string
  default     = null

  validation {
    condition     = var.frontend_image == null || can(regex("@sha256:[0-9a-f]{64}$", var.frontend_image))
    error_message = "The image is named by digest."
  }
}

variable "secret_versions" {
  description = "Which version of each secret the services read. Versions are added outside Terraform: no value is in its state."
  type        = map(string)
  default     = { root-key = "1", hash-key = "1" }
}

variable "protect" {
  description = "Whether databases, keys, services and secrets refuse to be deleted."
  type        = bool
  default     = true
}

variable "workers" {
  description = "How many runs execute at once: instances of the worker, one run each."
  type        = number
  default     = 10
}

variable "min_instances" {
  description = "Instances of the functions that people wait for which are always up."
  type        = number
  default     = 0
}

variable "requests_per_minute" {
  description = "What one address may ask of the load balancer before it gets 429."
  type        = number
  default     = 600
}

variable "console_origins" {
  description = "Origins whose pages may call the API and upload files, beside the domain itself."
  type        = list(string)
  default     = []
}

variable "alert_emails" {
  description = "Who is told."
  type        = set(string)
}

variable "budget" {
  description = "What this deployment may cost a month before somebody is told; none without a billing account."
  type = object({
    billing_account = string
    currency        = string
    units           = number
  })
  default = null
}

variable "eventarc" {
  description = "Delivers runs through an Eventarc trigger instead of a push subscription of ours; see eventarc.tf."
  type        = object({ audience = string })
  default     = null
}

variable "repository" {
  description = "The GitHub repository that Cloud Build watches, once it is connected; without one there are no triggers."
  type        = object({ owner = string, name = string })
  default     = null
}
