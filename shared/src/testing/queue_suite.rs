//! What every queue does: each backend passes these cases unchanged.

use std::{collections::BTreeSet, sync::Arc};

use anyhow::{Context as _, ensure};
use futures::future::try_join_all;
use jiff::civil::date;
use uuid::Uuid;

use crate::{
    http::Trace,
    org::OrgSlug,
    queue::{Queue, RunMessage, Window},
};

/// Messages that are published at once.
const MANY: u128 = 64;

/// Runs every case on a queue that nobody else publishes to. `delivered` waits for some of what comes
/// out of it, and takes it. A case that does not hold is an error.
///
/// # Errors
///
/// Fails where a call fails that has to succeed, and with the first case that does not hold.
pub async fn queue_suite(
    queue: Arc<dyn Queue>,
    mut delivered: impl AsyncFnMut() -> anyhow::Result<Vec<RunMessage>>,
) -> anyhow::Result<()> {
    for message in messages()? {
        queue.publish(&message).await?;
        let found = arrived(1, &mut delivered).await?;
        ensure!(found == [message.clone()], "{message:?} became {found:?}");
    }
    let (base, queue) = (plain(0)?, &queue);
    let many: Vec<_> = (1..=MANY)
        .map(|number| RunMessage { run_id: Uuid::from_u128(number), ..base.clone() })
        .collect();
    try_join_all(many.iter().map(|message| queue.publish(message))).await?;
    let found = arrived(many.len(), &mut delivered).await?;
    let ids: BTreeSet<_> = found.iter().map(|message| message.run_id).collect();
    ensure!(ids == many.iter().map(|message| message.run_id).collect(), "{ids:?}");
    Ok(())
}

/// So many different messages; a queue may deliver each more than once.
async fn arrived(
    wanted: usize,
    delivered: &mut impl AsyncFnMut() -> anyhow::Result<Vec<RunMessage>>,
) -> anyhow::Result<Vec<RunMessage>> {
    let mut found: Vec<RunMessage> = Vec::new();
    while found.len() < wanted {
        for message in delivered().await? {
            if !found.contains(&message) {
                found.push(message);
            }
        }
    }
    Ok(found)
}

fn plain(number: u128) -> anyhow::Result<RunMessage> {
    Ok(RunMessage {
        run_id: Uuid::from_u128(number),
        org_slug: OrgSlug::parse("Acme_1")?,
        pipeline: "focus/cost/import".to_owned(),
        window: None,
        attempt: 1,
        trace: None,
    })
}

/// With and without all that may be there.
fn messages() -> anyhow::Result<Vec<RunMessage>> {
    let plain = plain(1 << 100)?;
    let window = Some(Window { start: date(2026, 2, 1), end: date(2026, 2, 28) });
    let trace = Trace::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let trace = Some(trace.context("a trace")?);
    Ok(vec![plain.clone(), RunMessage { window, trace, attempt: u32::MAX, ..plain }])
}
