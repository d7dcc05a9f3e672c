//! 429 and 503 on every call to Cloud Storage in turn.

use std::path::Path;

use convergence::files::{Bucket, Direct as _, Files as _, FilesError, Sha256};
use integration_tests::{emulators, faults::Fault};
use uuid::Uuid;

use super::{
    refusals::said,
    world::{Place, org},
};

/// What is done with the files of Acme.
#[derive(Debug, Clone, Copy)]
enum Operation {
    Keep,
    KeepLarge,
    Local,
    Arrived,
    Fetch,
    Ping,
}

const FAULTS: [Fault; 3] = [Fault::THROTTLED, Fault::UNAVAILABLE, Fault::Lost];

/// More than a call is tried.
const TRIES: usize = 32;

/// A bucket with a file and an upload, and local files.
struct World {
    place: Place,
    files: Bucket,
    folder: tempfile::TempDir,
    kept: Sha256,
}

impl World {
    async fn new() -> Option<Self> {
        let storage = emulators::needed(emulators::storage().await)?;
        let place = Place::new(storage.host()).await;
        place.put(&format!("incoming/acme/{}", Uuid::nil()), b"sent").await;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("there"), b"kept before").unwrap();
        let there = folder.path().join("there");
        let kept = place.uncounted().keep(&org("acme"), &there).await.unwrap().sha256;
        let files = place.files();
        Some(Self { place, files, folder, kept })
    }

    /// A file that no other round has: small ones go up in one call, large ones in several.
    fn file(&self, round: usize, length: usize) -> std::path::PathBuf {
        let path = self.folder.path().join(format!("{round}-{length}"));
        let mut bytes = round.to_le_bytes().to_vec();
        bytes.resize(length, 7);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Does it, and looks at what came of it.
    async fn does(&self, operation: Operation, round: usize) -> Result<(), FilesError> {
        let acme = org("acme");
        match operation {
            Operation::Keep => self.keeps(&self.file(round, 1000)).await?,
            Operation::KeepLarge => self.keeps(&self.file(round, 9 << 20)).await?,
            Operation::Local => {
                let file = self.files.local(&acme, &self.kept).await?.expect("the file");
                assert_eq!(std::fs::read(file.path()).unwrap(), b"kept before");
            }
            Operation::Arrived => {
                assert_eq!(self.files.arrived(&acme, Uuid::nil()).await?, Some(4));
            }
            Operation::Fetch => {
                let file = self.files.fetch(&acme, Uuid::nil()).await?.expect("the upload");
                assert_eq!(std::fs::read(file.path()).unwrap(), b"sent");
            }
            Operation::Ping => self.files.ping().await?,
        }
        Ok(())
    }

    async fn keeps(&self, path: &Path) -> Result<(), FilesError> {
        let kept = self.files.keep(&org("acme"), path).await?;
        let there = self.place.uncounted().local(&org("acme"), &kept.sha256).await?;
        assert_eq!(std::fs::read(there.unwrap().path()).unwrap(), std::fs::read(path).unwrap());
        Ok(())
    }
}

/// Each of its calls fails once: it succeeds on a later try.
async fn one_call_fails(operation: Operation) {
    let Some(world) = World::new().await else { return };
    world.place.proxy.clear();
    world.does(operation, 0).await.unwrap();
    let calls = world.place.proxy.calls();
    assert!(!calls.is_empty());
    for (at, call) in calls.iter().enumerate() {
        for (nth, fault) in FAULTS.into_iter().enumerate() {
            world.place.proxy.clear();
            world.place.proxy.nth("", at, fault);
            let round = 1 + at * FAULTS.len() + nth;
            let done = world.does(operation, round).await;
            let said = done.map_err(|error| said(&error));
            assert_eq!(said, Ok(()), "{operation:?}: {fault:?} of {call}");
            assert_eq!(world.place.proxy.injected(), 1, "{fault:?} of {call} never came");
        }
    }
}

/// All calls from one on fail: it says so, leaves nothing half done, and works afterwards.
async fn the_rest_fails(operation: Operation) {
    let Some(world) = World::new().await else { return };
    world.place.proxy.clear();
    world.does(operation, 0).await.unwrap();
    let calls = world.place.proxy.calls().len();
    for from in 0..calls {
        let before = world.place.names().await;
        world.place.proxy.clear();
        for nth in from..from + TRIES {
            world.place.proxy.nth("", nth, Fault::UNAVAILABLE);
        }
        let error = world.does(operation, from + 1).await.unwrap_err();
        let said = said(&error);
        assert!(matches!(error, FilesError::Unavailable(_)), "{said}");
        assert!(said.contains("Cloud Storage does not answer"), "{said}");
        assert_eq!(world.place.names().await, before, "{operation:?} left something");
        world.place.proxy.clear();
        world.does(operation, from + 1).await.unwrap();
    }
}

macro_rules! each {
    ($($name:ident: $operation:ident),+ $(,)?) => {$(
        mod $name {
            use super::{Operation, one_call_fails, the_rest_fails};

            #[tokio::test]
            async fn succeeds_on_a_later_try_where_one_call_fails() {
                one_call_fails(Operation::$operation).await;
            }

            #[tokio::test]
            async fn leaves_nothing_half_done_where_all_calls_fail() {
                the_rest_fails(Operation::$operation).await;
            }
        }
    )+};
}

each! {
    keep: Keep,
    keep_large: KeepLarge,
    local: Local,
    arrived: Arrived,
    fetch: Fetch,
    ping: Ping,
}
