//! The embedded queue: messages go through a channel to whoever delivers them to the router.

use async_trait::async_trait;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Queue, RunMessage};

/// The sending half, which functions see.
#[derive(Debug, Clone)]
pub struct LocalQueue {
    sender: UnboundedSender<RunMessage>,
}

/// A queue and the receiving half, from which `convergence serve` delivers.
#[must_use]
pub fn channel() -> (LocalQueue, UnboundedReceiver<RunMessage>) {
    let (sender, receiver) = unbounded_channel();
    (LocalQueue { sender }, receiver)
}

#[async_trait]
impl Queue for LocalQueue {
    async fn publish(&self, message: &RunMessage) -> anyhow::Result<()> {
        self.sender
            .send(message.clone())
            .map_err(|_| anyhow::anyhow!("nobody delivers messages; run `convergence serve`"))
    }
}
