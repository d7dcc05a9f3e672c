//! A file is seen whole or not at all.

use super::{org, read, send};
use crate::files::Files;

pub(super) async fn cases(files: &dyn Files) -> anyhow::Result<()> {
    let acme = org("acme")?;
    let bytes = b"written in two halves";
    let kept = send(files, &org("elsewhere")?, bytes, 64).await?;
    let mut incoming = files.begin(&acme).await?;
    incoming.write(bytes::Bytes::from_static(&bytes[..10])).await?;
    assert_eq!(read(files, &acme, &kept).await?, None, "a half was seen");
    incoming.write(bytes::Bytes::from_static(&bytes[10..])).await?;
    assert_eq!(read(files, &acme, &kept).await?, None, "seen before its end");
    drop(incoming);
    assert_eq!(read(files, &acme, &kept).await?, None, "what was given up was seen");
    assert_eq!(send(files, &acme, bytes, 10).await?, kept);
    assert!(read(files, &acme, &kept).await?.is_some());
    Ok(())
}
