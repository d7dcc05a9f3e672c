//! `convergence bootstrap`

use clap::Args;
use serde_json::{Value, json};

use crate::{context::Context, failure::Result, view::wrapped};

/// What `bootstrap` takes.
#[derive(Debug, Args)]
pub(crate) struct Bootstrap {
    /// Only say what would be made
    #[arg(long)]
    dry_run: bool,
}

impl Bootstrap {
    /// Makes or completes the operator's dataset.
    pub(crate) async fn run(self, context: &Context) -> Result {
        let client = context.client().await?;
        let answer = make(&client, context, self.dry_run).await;
        client.close().await;
        let verb = if self.dry_run { "would be " } else { "" };
        context.screen.result(&answer?, |answer| {
            let lines = ["created", "updated", "unchanged"].map(|state| {
                let tables = names(answer, state);
                let listed: &[&str] = if state == "unchanged" { &[] } else { &tables };
                match tables.len() {
                    0 => String::new(),
                    count => format!("  {count:>2} {verb}{state}\n{}", wrapped(listed)),
                }
            });
            lines.concat()
        })
    }
}

/// The request itself, which `demo` sends too.
pub(crate) async fn make(
    client: &crate::client::Client,
    context: &Context,
    dry_run: bool,
) -> Result<Value> {
    let body = json!({ "dry_run": dry_run });
    client.post(&context.root()?, "/api/v1/admin/bootstrap", &body).await
}

/// The texts of a list of the answer.
pub(crate) fn names<'a>(answer: &'a Value, list: &str) -> Vec<&'a str> {
    answer[list].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
