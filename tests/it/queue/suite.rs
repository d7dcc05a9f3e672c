//! What every queue does.

use std::sync::Arc;

use convergence::{
    dead_letters::{DeadLetterSubscription, GivenUp as _},
    queue::{PubSub, RunMessage, local},
    settings::Settings,
    testing::queue_suite,
};
use integration_tests::faults::hurried;

use super::topics::{RUNS, Topics};

#[tokio::test]
async fn the_embedded_queue_does_what_every_queue_does() {
    let (queue, mut deliveries) = local::channel();
    let delivered = async || Ok(vec![deliveries.recv().await.expect("the queue is there")]);
    queue_suite(Arc::new(queue), delivered).await.expect("it passes");
}

#[tokio::test]
async fn pubsub_does_what_every_queue_does() {
    let Some(topics) = Topics::new().await else { return };
    let of = |kind: &str| format!("pubsub://{}/{kind}{RUNS}", topics.project);
    let variables = [
        ("QUEUE_URL", of("")),
        ("DEAD_LETTERS_URL", of("subscriptions/")),
        ("PUBSUB_EMULATOR_HOST", topics.host.clone()),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value));
    let backends = Settings::read("costs", &variables.into()).expect("settings").backends;
    let subscription = backends.dead_letters.expect("a subscription");
    let access = hurried().access(&backends.queue);
    let queue = PubSub::new(&backends.queue, access.clone()).expect("a topic");
    let subscription = DeadLetterSubscription::new(&subscription, access).expect("it is named");
    queue_suite(Arc::new(queue), async || taken(&subscription).await).await.expect("it passes");
}

/// What waits in a subscription; it waits no longer.
pub(crate) async fn taken(from: &DeadLetterSubscription) -> anyhow::Result<Vec<RunMessage>> {
    let taken = from.take().await?;
    let ids: Vec<_> = taken.iter().map(|letter| letter.ack_id.clone()).collect();
    if !ids.is_empty() {
        from.acknowledge(&ids).await?;
    }
    Ok(taken.iter().map(|letter| letter.message.run()).collect::<Result<_, _>>()?)
}
