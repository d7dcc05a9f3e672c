//! Costs and usage of LLM APIs: what a source has to say, and all that is the same for each.
//!
//! A source answers two kinds of reports. *Costs* are what it bills; they become FOCUS rows. *Usage*
//! is what was consumed; it explains costs and never becomes one. Both have meters in common, so
//! that a cost finds its usage by day, project, key, model and meter.

pub mod anthropic;
mod arrays;
mod asking;
mod bucket;
mod cost_batch;
mod cost_rows;
mod costs;
mod cursor;
mod line;
mod money;
pub mod openai;
mod prove;
mod source;
mod usage;
mod usage_rows;

pub use self::{
    asking::{Asking, KEY},
    cost_rows::Cost,
    costs::{Costs, Told},
    line::{Line, Strange},
    money::cents,
    prove::prove,
    source::{Page, Report, Source},
    usage::Usages,
    usage_rows::Usage,
};

/// What an amount is filed under that a source's own sum has and none of its lines.
pub const UNATTRIBUTED: &str = "unattributed";

/// Every source there is. A further one is a file with a [`Source`], a line here, an entry in
/// `configs/system/providers.yml` and a pipeline.
static SOURCES: [&dyn Source; 2] = [&openai::OpenAi, &anthropic::Anthropic];

/// The source of a provider.
#[must_use]
pub fn source(provider: &str) -> Option<&'static dyn Source> {
    SOURCES.into_iter().find(|source| source.id() == provider)
}
