//! `convergence demo`

mod llm;

use std::path::Path;

use anyhow::Context as _;
use clap::Args;
use convergence::settings::keyfile::private_folder;
use http::StatusCode;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use self::llm::Llm;
use super::{
    bootstrap::{self, names},
    costs::Costs,
    ingest::FOCUS_IMPORT,
    onboard::Onboard,
    run::Input,
    serve::{Ports, announce},
};
use crate::{
    args::Days,
    client::{Caller, Client},
    context::{Context, Organization},
    failure::{Failure, Result},
    runs::Request,
    server::Server,
};

/// The demo organization, unless another is named.
const ORG: &str = "demo";

/// A bill that this program was built with.
struct Bill {
    pipeline: &'static str,
    file: &'static str,
    text: &'static [u8],
    /// The days that it is about.
    days: (Date, Date),
}

const BILLS: [Bill; 2] = [
    Bill {
        pipeline: FOCUS_IMPORT,
        file: "focus-1.0-sample-1000.csv",
        text: include_bytes!("../../../../../demo/focus-1.0-sample-1000.csv"),
        days: (date(2024, 9, 1), date(2024, 10, 31)),
    },
    Bill {
        pipeline: "gcp/cost/billing",
        file: "gcp-billing-synthetic-500.csv",
        text: include_bytes!("../../../../../demo/gcp-billing-synthetic-500.csv"),
        days: (date(2026, 3, 1), date(2026, 5, 31)),
    },
];

/// What `demo` takes.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    ports: Ports,
    /// End after the costs were shown, instead of serving on
    #[arg(long)]
    once: bool,
}

impl Demo {
    /// Shows the main job, then serves until the process is asked to stop.
    pub(crate) async fn run(self, context: &Context) -> Result {
        let (server, llm) = if context.server().await.is_some() {
            (None, None)
        } else {
            let llm = Llm::begin().await?;
            let context = context.with_sandbox(llm.url());
            (Some(Server::start(&context, &self.ports.list).await?), Some(llm))
        };
        let client = context.server().await.context("the server does not answer")?;
        show(&client, llm.as_ref(), context).await?;
        match server {
            Some(server) if !self.once => {
                announce(context.screen, &server.addresses);
                server.until_stopped().await
            }
            Some(server) => server.stop().await,
            None => Ok(()),
        }
    }
}

async fn show(client: &Client, llm: Option<&Llm>, context: &Context) -> Result {
    let tables = bootstrap::make(client, context, false).await?;
    let all: usize =
        ["created", "updated", "unchanged"].map(|of| names(&tables, of).len()).iter().sum();
    let made = names(&tables, "created").len();
    context.screen.done("operator's dataset", &format!("{all} tables, {made} of them new"));
    let organization = organization(client, context).await?;
    for bill in &BILLS {
        import(bill, client, &organization, context).await?;
    }
    if let Some(llm) = llm {
        llm.read(client, &organization, context).await?;
    }
    for Bill { days: (from, to), .. } in &BILLS {
        let days = Days { from: Some(*from), to: Some(*to) };
        Costs::of(days).show(client, &organization, context.screen).await?;
    }
    if let Some(llm) = llm {
        return llm.show(client, &organization, context).await;
    }
    context.screen.note("the server was started without made-up providers: no costs of LLMs here");
    Ok(())
}

/// The demo organization: the one that is here already, else a new one.
async fn organization(client: &Client, context: &Context) -> Result<Organization> {
    let slug = context.named_org().unwrap_or(ORG).to_owned();
    if let Some(key) = context.kept_key(&slug)? {
        let caller = Caller::Key(key);
        let path = format!("/api/v1/organizations/{slug}");
        match client.get(&caller, &path).await {
            Ok(_) => {
                context.screen.done(&format!("organization {slug}"), "as it was onboarded before");
                return Ok(Organization { slug, caller });
            }
            Err(Failure::Refused(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    let key = match onboard(client, context, &slug).await {
        Err(Failure::Refused(refusal)) if refusal.status == StatusCode::CONFLICT => {
            another_key(client, context, &slug).await?
        }
        made => made?,
    };
    let kept = context.keep_key(&slug, &key)?;
    let detail = format!("its API key is kept in {}", kept.display());
    context.screen.done(&format!("organization {slug}"), &detail);
    Ok(Organization { slug, caller: Caller::Key(key) })
}

async fn onboard(client: &Client, context: &Context, slug: &str) -> Result<String> {
    let answer = Onboard::demo(slug).make(client, context).await?;
    key_of(&answer)
}

/// A key for an organization that is here, but whose key is not kept.
async fn another_key(client: &Client, context: &Context, slug: &str) -> Result<String> {
    let path = format!("/api/v1/organizations/{slug}/api-keys");
    let answer = client.post(&context.root()?, &path, &json!({ "name": "demo" })).await?;
    key_of(&answer)
}

fn key_of(answer: &Value) -> Result<String> {
    let key = answer["api_key"].as_str().context("the answer has no API key")?;
    Ok(key.to_owned())
}

async fn import(
    bill: &Bill,
    client: &Client,
    organization: &Organization,
    context: &Context,
) -> Result {
    let Bill { pipeline, .. } = bill;
    let input = Input { file: Some(unpack(bill, context.data_dir())?), ..Input::default() };
    let request = Request { client, organization, pipeline };
    let run = request.to_its_end(context.screen, input.body()?).await?;
    completed(pipeline, &run)
}

/// A run that did not complete ends the demo.
fn completed(pipeline: &str, run: &Value) -> Result {
    if run["status"] != "COMPLETED" {
        let message = run["error"]["message"].as_str().unwrap_or("see its steps");
        return Err(anyhow::anyhow!("{pipeline} ended {}: {message}", run["status"]).into());
    }
    Ok(())
}

/// Writes a bill to where the server reads it.
fn unpack(bill: &Bill, data: &Path) -> Result<String> {
    let path = data.join("demo").join(bill.file);
    let write = || {
        private_folder(&data.join("demo"))?;
        std::fs::write(&path, bill.text)
    };
    write().with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path.display().to_string())
}
