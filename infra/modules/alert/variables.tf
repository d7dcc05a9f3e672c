variable "name" {
  description = "What happened, in a few words."
  type        = string
}

variable "what_to_do" {
  description = "What whoever is told does first, in Markdown."
  type        = string
}

variable "filter" {
  description = "The time series that are watched."
  type        = string
}

variable "threshold" {
  description = "The alert is raised above this."
  type        = number
  default     = 0
}

variable "below" {
  description = "Whether it is raised below the threshold instead, silence included."
  type        = bool
  default     = false
}

variable "window" {
  description = "Seconds over which values are put together."
  type        = number
  default     = 300
}

variable "lasting" {
  description = "Seconds that it has to last."
  type        = number
  default     = 0
}

variable "aligner" {
  description = "How values of a window are put together."
  type        = string
  default     = "ALIGN_SUM"
}

variable "by" {
  description = "Labels that tell apart what is watched on its own."
  type        = list(string)
  default     = []
}

variable "severity" {
  description = "`CRITICAL`, `ERROR` or `WARNING`."
  type        = string
  default     = "ERROR"
}

variable "channels" {
  description = "Who is told."
  type        = list(string)
}
