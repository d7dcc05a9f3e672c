//! Messages that the queue gave up, and what becomes of them.
//!
//! Pub/Sub cannot show messages without handing them out. So the sweep takes them: what was a lost
//! delivery it publishes again, and the rest it keeps as documents, to be listed and replayed. A
//! message is acknowledged once that is written, so that none is lost on the way.

mod collect;
mod letter;
#[cfg(feature = "google")]
mod pubsub;
mod replay;

use std::{fmt, sync::Arc};

use async_trait::async_trait;

#[cfg(feature = "google")]
pub use self::pubsub::DeadLetterSubscription;
pub use self::{letter::DeadLetter, replay::Replay};
use crate::{
    Result,
    queue::Received,
    runs::Runs,
    store::{Collection, List, Owner, PageRequest},
};

/// A message that was given up, until it is acknowledged.
#[derive(Debug)]
pub struct Taken {
    /// What it is acknowledged by.
    pub ack_id: String,
    /// The message.
    pub message: Received,
}

/// Where a queue puts what it gives up.
#[async_trait]
pub trait GivenUp: fmt::Debug + Send + Sync {
    /// Takes some of it for a while. What is not acknowledged comes again.
    ///
    /// # Errors
    ///
    /// Fails where the queue cannot be reached.
    async fn take(&self) -> anyhow::Result<Vec<Taken>>;

    /// These were dealt with.
    ///
    /// # Errors
    ///
    /// As [`GivenUp::take`]; they come again, which changes nothing.
    async fn acknowledge(&self, ack_ids: &[String]) -> anyhow::Result<()>;
}

/// Deals with what a queue gave up.
pub struct DeadLetters {
    /// Where that is; an embedded queue gives nothing up, since the sweep publishes again.
    pub given_up: Option<Arc<dyn GivenUp>>,
    /// The runs that it is of.
    pub runs: Arc<Runs>,
}

impl fmt::Debug for DeadLetters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeadLetters").field("given_up", &self.given_up).finish_non_exhaustive()
    }
}

impl DeadLetters {
    /// What is kept, newest first, and where the next page begins.
    ///
    /// # Errors
    ///
    /// As the store.
    pub async fn list(&self, page: PageRequest) -> Result<(Vec<DeadLetter>, Option<String>)> {
        let query = List {
            collection: Collection::DeadLetters,
            owner: Some(Owner::System),
            filters: Vec::new(),
            page,
        };
        let page = self.runs.store.list(&query).await?;
        let next = page.next.clone();
        let letters = page.read::<DeadLetter>()?.into_iter().map(|held| held.value).collect();
        Ok((letters, next))
    }
}
