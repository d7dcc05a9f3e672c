//! The demo's LLM providers: made-up months, asked for as the real ones are.

use convergence::clock::{Clock as _, SystemClock};
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use sandbox::{Served, World};
use serde_json::{Map, Value, json};

use crate::{
    args::Days,
    client::Client,
    commands::costs::Costs,
    context::{Context, Organization},
    failure::Result,
    runs::Request,
};

/// Each provider, what reads it, and the key that the sandbox knows.
const PROVIDERS: [(&str, &str, &str); 2] = [
    ("openai", "openai/cost/usage_cost", World::OPENAI_KEY),
    ("anthropic", "anthropic/usage_cost", World::ANTHROPIC_KEY),
];

/// The name of both connections: never one that somebody made.
const SOURCE: &str = "sandbox";

/// Made-up providers, and the days that they have usage of.
pub(super) struct Llm {
    served: Served,
    from: Date,
    to: Date,
}

impl Llm {
    /// Begins to serve them: from the month before last to yesterday.
    pub(super) async fn begin() -> Result<Self> {
        let today = SystemClock.now().to_zoned_datetime(TimeZone::UTC).date();
        let from = today.first_of_month().saturating_sub(2.months());
        let to = today.yesterday().unwrap_or(today);
        let served = sandbox::serve(World::new(from..today)).await?;
        Ok(Self { served, from, to })
    }

    /// Where they answer.
    pub(super) fn url(&self) -> &str {
        &self.served.url
    }

    /// Connects the organization to each, and reads what it bills.
    pub(super) async fn read(
        &self,
        client: &Client,
        organization: &Organization,
        context: &Context,
    ) -> Result {
        let Organization { slug, caller } = organization;
        for (provider, pipeline, key) in PROVIDERS {
            let body = json!({
                "name": SOURCE,
                "credential": { "admin_key": key, "organization_id": format!("org-{slug}") },
            });
            let path = format!("/api/v1/integrations/{slug}/{provider}/setup");
            let _ = client.post(caller, &path, &body).await?;
            let request = Request { client, organization, pipeline };
            let run = request.to_its_end(context.screen, self.body()).await?;
            super::completed(pipeline, &run)?;
        }
        Ok(())
    }

    fn body(&self) -> Map<String, Value> {
        let body = [
            ("start_date", self.from.to_string()),
            ("end_date", self.to.to_string()),
            ("source", SOURCE.to_owned()),
        ];
        body.map(|(name, text)| (name.to_owned(), text.into())).into_iter().collect()
    }

    /// What they bill, by model.
    pub(super) async fn show(
        &self,
        client: &Client,
        organization: &Organization,
        context: &Context,
    ) -> Result {
        let days = Days { from: Some(self.from), to: Some(self.to) };
        let by = ["ServiceProviderName", "SkuId", "ChargeCategory"];
        Costs::of(days).by(&by).show(client, organization, context.screen).await
    }
}
