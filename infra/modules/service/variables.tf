variable "name" {
  description = "The service's name; its account is called fn-{name}."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,25}[a-z0-9]$", var.name))
    error_message = "At most 27 characters: an account's name has 30."
  }
}

variable "region" {
  description = "Where it runs."
  type        = string
}

variable "image" {
  description = "Its first image, by digest; later ones are deployed."
  type        = string
}

variable "settings" {
  description = "Environment variables."
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Environment variables whose value is a version of a secret."
  type        = map(object({ id = string, version = string }))
  default     = {}
}

variable "public" {
  description = "Whether it is behind the load balancer, without Cloud Run's own check: it checks its callers itself."
  type        = bool
}

variable "invokers" {
  description = "Who may call a service that is not public."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for member in values(var.invokers) : startswith(member, "serviceAccount:")])
    error_message = "Only service accounts call a private service: never allUsers."
  }
}

variable "timeout" {
  description = "Seconds that a request may take."
  type        = number
}

variable "memory" {
  description = "Of each instance, as in `512Mi`."
  type        = string
}

variable "cpu" {
  description = "Of each instance."
  type        = number
  default     = 1
}

variable "concurrency" {
  description = "Requests that an instance answers at once."
  type        = number
}

variable "instances" {
  description = "How few and how many instances there are."
  type        = object({ min = number, max = number })
}

variable "protect" {
  description = "Whether it refuses to be deleted."
  type        = bool
}

variable "health" {
  description = "The path that answers 200 as soon as the process is up."
  type        = string
  default     = "/health"
}
