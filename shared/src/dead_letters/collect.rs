//! Taking what the queue gave up.

use super::{DeadLetter, DeadLetters};
use crate::{
    Error, Result,
    queue::Received,
    runs::RunStatus,
    store::{Entity as _, StoreError},
};

impl DeadLetters {
    /// Deals with some of what was given up since the last time; says how much.
    ///
    /// # Errors
    ///
    /// 503 where the queue cannot be reached. A message that cannot be dealt with comes again.
    pub async fn collect(&self) -> Result<usize> {
        let Some(given_up) = &self.given_up else { return Ok(0) };
        let taken = given_up.take().await.map_err(unreachable)?;
        let mut done = Vec::new();
        for letter in &taken {
            match self.deal_with(&letter.message).await {
                Ok(()) => done.push(letter.ack_id.clone()),
                Err(error) => {
                    let cause = format!("{:#}", anyhow::Error::from(error));
                    let message = letter.message.message_id.as_str();
                    tracing::error!(message, cause, "dead letter could not be dealt with");
                }
            }
        }
        if !done.is_empty() {
            given_up.acknowledge(&done).await.map_err(unreachable)?;
        }
        Ok(done.len())
    }

    /// A message whose run has not ended was lost on its way, whatever the reason: the run waits.
    async fn deal_with(&self, received: &Received) -> Result<()> {
        let message = match received.run() {
            Ok(message) => message,
            Err(error) => return self.keep(received, error.to_string()).await,
        };
        let Some(held) = self.runs.find(&message.org_slug, message.run_id).await? else {
            return self.keep(received, "its run is not there any more".to_owned()).await;
        };
        let run = held.value;
        match run.status {
            RunStatus::Completed | RunStatus::Cancelled => {
                tracing::info!(run = %run.run_id, "dead letter of a run that is done, dropped");
                Ok(())
            }
            status if status.is_end() => {
                let error = run.error.map(|error| error.message);
                self.keep(received, error.unwrap_or_else(|| status.as_str().to_owned())).await
            }
            _ => {
                let org = &run.org_slug;
                tracing::warn!(run = %run.run_id, %org, "lost delivery published again");
                self.runs.queue.publish(&run.message()).await.map_err(unreachable)
            }
        }
    }

    async fn keep(&self, received: &Received, reason: String) -> Result<()> {
        let letter = DeadLetter::new(received, self.runs.clock.now(), reason);
        let (id, message) = (letter.letter_id, letter.message_id.as_str());
        let write = letter.create(DeadLetter::key(id))?;
        match self.runs.store.commit(vec![write]).await {
            Ok(_) => {
                tracing::warn!(letter = %id, message, reason = letter.reason, "dead letter kept");
                Ok(())
            }
            // It was taken before, and the acknowledgement was lost.
            Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn unreachable(cause: anyhow::Error) -> Error {
    Error::Unavailable { message: "the queue cannot be reached".to_owned(), cause }
}
