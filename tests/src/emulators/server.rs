//! A program that runs as long as this process, and no longer.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use anyhow::{Context as _, bail};
use convergence::http::outgoing;

use super::part::root;

/// How often a start is looked at, and how many times at most: two minutes, on a machine that is
/// very busy. A program that has ended is noticed at once.
const WAIT: Duration = Duration::from_millis(50);
const LOOKS: u32 = 2400;

/// An emulator that runs. `while-open` ends it when the pipe to it closes: when this process ends.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Starts a program and waits until `ready` is answered with success.
    ///
    /// # Panics
    ///
    /// Where it does not start; its log says why.
    pub(super) async fn start(name: &str, program: &Command, ready: &str) -> Self {
        let started = async {
            let mut server = Self::spawn(name, program)?;
            server.wait(ready).await.with_context(|| server.said())?;
            anyhow::Ok(server)
        };
        match started.await {
            Ok(server) => server,
            Err(error) => panic!("the emulator of {name} does not start: {error:?}"),
        }
    }

    fn spawn(name: &str, program: &Command) -> anyhow::Result<Self> {
        let folder = folder();
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log)?;
        let child = Command::new(root().join("tests/emulators/while-open"))
            .arg(folder)
            .arg(program.get_program())
            .args(program.get_args())
            .envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()?;
        Ok(Self { child, log })
    }

    async fn wait(&mut self, ready: &str) -> anyhow::Result<()> {
        let client = outgoing().build()?;
        for _ in 0..LOOKS {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended: {status}");
            }
            if client.get(ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(WAIT).await;
        }
        bail!("{ready} is never answered")
    }

    /// The end of the log.
    fn said(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}

/// Where the emulators of this process keep their files. It goes away with them.
///
/// # Panics
///
/// Where there is no room for it.
pub(super) fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| match tempfile::Builder::new().prefix("emulators-").tempdir() {
        Ok(folder) => folder.keep(),
        Err(error) => panic!("no folder for emulators: {error}"),
    })
}
