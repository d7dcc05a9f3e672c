//! `convergence onboard ORG`

use clap::Args;
use serde_json::{Value, json};

use crate::{client::Client, context::Context, failure::Result};

/// What `onboard` takes.
#[derive(Debug, Args)]
pub(crate) struct Onboard {
    /// The organization's slug: 3 to 50 of a-z, A-Z, 0-9 and _
    #[arg(value_name = "ORG")]
    pub(crate) slug: String,
    /// What people call it
    #[arg(long)]
    pub(crate) company: String,
    /// Whom to write to
    #[arg(long)]
    pub(crate) email: String,
    /// The plan, a name of `configs/system/plans.yml`
    #[arg(long)]
    pub(crate) plan: Option<String>,
    /// ISO 4217, as in USD
    #[arg(long)]
    pub(crate) currency: Option<String>,
    /// ISO 3166-1 alpha-2, as in DE
    #[arg(long)]
    pub(crate) country: Option<String>,
    /// IANA name, as in Europe/Berlin: decides what "today" is
    #[arg(long)]
    pub(crate) timezone: Option<String>,
    /// Check everything, make nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl Onboard {
    /// What `demo` onboards.
    pub(crate) fn demo(slug: &str) -> Self {
        Self {
            slug: slug.to_owned(),
            company: "Demo Company".to_owned(),
            email: "demo@convergence.example".to_owned(),
            plan: Some("enterprise".to_owned()),
            currency: Some("USD".to_owned()),
            country: None,
            timezone: None,
            dry_run: false,
        }
    }

    /// Makes the organization and keeps its key.
    pub(crate) async fn run(self, context: &Context) -> Result {
        let client = context.client().await?;
        let answer = self.make(&client, context).await;
        client.close().await;
        let answer = answer?;
        if self.dry_run {
            return context.screen.result(&answer, |_| {
                format!("  {} can be onboarded; nothing was made", self.slug)
            });
        }
        let kept = match answer["api_key"].as_str() {
            Some(key) => context.keep_key(&self.slug, key)?,
            None => return context.screen.result(&answer, |_| String::new()),
        };
        context.screen.result(&answer, |answer| text(answer, &kept.display().to_string()))
    }

    /// The request itself, which `demo` sends too.
    pub(crate) async fn make(&self, client: &Client, context: &Context) -> Result<Value> {
        let verb = if self.dry_run { "dryrun" } else { "onboard" };
        let path = format!("/api/v1/organizations/{verb}");
        client.post(&context.root()?, &path, &self.body()).await
    }

    fn body(&self) -> Value {
        let mut body = json!({
            "org_slug": self.slug,
            "company_name": self.company,
            "admin_email": self.email,
        });
        let given = [
            ("plan", &self.plan),
            ("currency", &self.currency),
            ("country", &self.country),
            ("timezone", &self.timezone),
        ];
        for (name, text) in given {
            if let Some(text) = text {
                body[name] = text.as_str().into();
            }
        }
        body
    }
}

fn text(answer: &Value, kept: &str) -> String {
    let key = answer["api_key"].as_str().unwrap_or_default();
    format!("  API key   {key}\n            shown once, and kept in {kept}")
}
