//! `convergence costs`

mod text;

use clap::{Args, ValueEnum};
use jiff::{ToSpan as _, civil::Date};
use serde_json::{Value, json};

use crate::{
    args::Days,
    client::Client,
    context::{Context, Organization},
    failure::Result,
    view::Screen,
};

/// The costs that FOCUS knows, as requests name them.
const COSTS: [&str; 4] = ["billed", "effective", "list", "contracted"];

/// How many days to look back for costs when a range has none.
const YEARS: i32 = 1000;

/// What `costs` takes.
#[derive(Debug, Args)]
pub(crate) struct Costs {
    #[command(flatten)]
    pub(crate) days: Days,
    /// Which cost the table shows
    #[arg(long, value_enum, default_value_t = Cost::Billed)]
    cost: Cost,
    /// The FOCUS columns of the table, comma between
    #[arg(
        long,
        value_name = "COLUMNS",
        value_delimiter = ',',
        default_values_t = ["ServiceProviderName".to_owned(), "ServiceName".to_owned()]
    )]
    by: Vec<String>,
    /// How many rows of the table
    #[arg(long, default_value_t = 25)]
    limit: u16,
}

/// A cost that FOCUS knows.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Cost {
    Billed,
    Effective,
    List,
    Contracted,
}

impl Costs {
    /// The table that `demo` shows.
    pub(crate) fn of(days: Days) -> Self {
        let by = vec!["ServiceProviderName".to_owned(), "ServiceName".to_owned()];
        Self { days, cost: Cost::Billed, by, limit: 40 }
    }

    /// The same by other columns.
    pub(crate) fn by(self, columns: &[&str]) -> Self {
        let by = columns.iter().map(|column| (*column).to_owned()).collect();
        Self { by, ..self }
    }

    /// Shows what was spent.
    pub(crate) async fn run(self, context: &Context) -> Result {
        let organization = context.organization()?;
        let client = context.client().await?;
        let shown = self.show(&client, &organization, context.screen).await;
        client.close().await;
        shown
    }

    /// Asks for totals and table, and shows both.
    pub(crate) async fn show(
        &self,
        client: &Client,
        organization: &Organization,
        screen: Screen,
    ) -> Result {
        let Organization { slug, caller } = organization;
        let ask = |what: String| async move {
            client.get(caller, &format!("/api/v1/costs/{slug}/{what}")).await
        };
        let days = self.days.query();
        let mut totals = json!({});
        for cost in COSTS {
            totals[cost] = ask(format!("summary?cost={cost}{days}")).await?["totals"].take();
        }
        let (cost, by, limit) = (self.cost.name(), self.by.join(","), self.limit);
        let table =
            ask(format!("breakdown?cost={cost}&group_by={by}&sort=-cost&limit={limit}{days}"));
        let mut answer = json!({ "org_slug": slug, "totals": totals, "breakdown": table.await? });
        if empty(&answer) {
            let years = earlier(&answer["breakdown"]["range"]);
            answer["sources"] = ask(format!("quality?{years}")).await?["sources"].take();
        }
        screen.result(&answer, text::text)
    }
}

impl Cost {
    fn name(self) -> &'static str {
        COSTS[self as usize]
    }
}

/// The years before the end of a range, as parameters.
fn earlier(range: &Value) -> String {
    let end: Option<Date> = range["end_date"].as_str().and_then(|day| day.parse().ok());
    end.map_or_else(String::new, |end| {
        format!("start_date={}&end_date={end}", end.saturating_sub(YEARS.days()))
    })
}

fn empty(answer: &Value) -> bool {
    answer["breakdown"]["items"].as_array().is_none_or(Vec::is_empty)
}
