//! What is logged while a test looks, as Cloud Logging would read it.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, OnceLock},
};

use convergence::{
    settings::CloudRun,
    telemetry::{CloudLogging, Process},
};
use integration_tests::TestClock;
use serde_json::Value;
use tracing::Dispatch;
use tracing_subscriber::{Registry, layer::SubscriberExt as _};

/// Lines of the log, of all levels.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

/// A second subscriber that is always there. With one alone, `tracing` asks the thread that first
/// comes to a line whether anybody wants it, and remembers a no for all threads.
static SECOND: OnceLock<Dispatch> = OnceLock::new();

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Takes what this thread logs until the guard is dropped.
    pub(crate) fn begin(&self, project: Option<&str>) -> tracing::subscriber::DefaultGuard {
        self.begin_on(CloudRun::default(), project)
    }

    /// As [`Log::begin`], of a process that Cloud Run runs.
    pub(crate) fn begin_on(
        &self,
        cloud_run: CloudRun,
        project: Option<&str>,
    ) -> tracing::subscriber::DefaultGuard {
        SECOND.get_or_init(|| Dispatch::new(Registry::default()));
        let writer = self.clone();
        let process = Process {
            function: "costs".to_owned(),
            environment: "production".to_owned(),
            project: project.map(ToOwned::to_owned),
            cloud_run,
        };
        let clock = Arc::new(TestClock::default());
        let layer = CloudLogging::new(move || writer.clone(), process, clock);
        tracing::subscriber::set_default(Registry::default().with(layer))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("not poisoned").clone()).expect("UTF-8")
    }

    pub(crate) fn lines(&self) -> Vec<Value> {
        let line = |line| serde_json::from_str(line).expect("one object a line");
        self.text().lines().map(line).collect()
    }
}
