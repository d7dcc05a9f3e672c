# What this needs, and where its state is: a bucket that `terraform init -backend-config=bucket=…` names.
terraform {
  required_version = ">= 1.9"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
  }

  backend "gcs" {
    prefix = "convergence"
  }
}

provider "google" {
  project = var.project
  region  = var.region

  # Budgets are asked for in the name of this project, not of whoever runs Terraform.
  user_project_override = true
  billing_project       = var.project

  default_labels = local.labels
}
