//! Many at once: the same bytes are one file, others do not mix.

use std::sync::Arc;

use futures::future::try_join_all;

use super::{noise, org, read, send};
use crate::files::Files;

const RACERS: usize = 8;

pub(super) async fn cases(files: &Arc<dyn Files>) -> anyhow::Result<()> {
    let same = noise(300_000);
    let race = (0..RACERS).map(|racer| {
        let (files, same) = (files.clone(), same.clone());
        let own = [&same[..], racer.to_string().as_bytes()].concat();
        tokio::spawn(async move {
            let acme = org("racers")?;
            let (same, own) = (
                send(&*files, &acme, &same, 70_000).await?,
                send(&*files, &acme, &own, 70_000).await?,
            );
            anyhow::Ok((same, own))
        })
    });
    let mut seen = Vec::new();
    for done in try_join_all(race).await? {
        let (one, own) = done?;
        assert_eq!(one.bytes, same.len() as u64);
        assert_eq!(read(&**files, &org("racers")?, &one).await?.as_ref(), Some(&same));
        assert!(read(&**files, &org("racers")?, &own).await?.is_some());
        seen.push((one.sha256, own.sha256));
    }
    assert!(seen.windows(2).all(|two| two[0].0 == two[1].0 && two[0].1 != two[1].1));
    Ok(())
}
