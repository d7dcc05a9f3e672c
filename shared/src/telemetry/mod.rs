//! Where log lines go, and how they look.

mod cloud;
mod fields;

use std::{
    io::{IsTerminal as _, Write as _},
    sync::Arc,
};

use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

pub use self::cloud::{CloudLogging, Process};
use crate::{
    clock::Clock,
    settings::{LogFormat, Settings},
};

/// Begins to log: Cloud Logging's JSON to standard output, or lines for people to standard error.
///
/// # Errors
///
/// Fails where somebody logs already.
pub fn begin(settings: &Settings, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.logging.level)?;
    let lines = match settings.logging.format {
        LogFormat::Json => {
            let process = Process::of(settings);
            CloudLogging::new(std::io::stdout, process, clock).boxed()
        }
        LogFormat::Pretty => tracing_subscriber::fmt::layer()
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr)
            .boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(filter)).try_init()?;
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string);
        tracing::error!(at, "{panic}");
    }));
    Ok(())
}

/// Waits until what was logged has left the process.
pub fn flush() {
    // Nobody is left to tell when this fails.
    let _ = std::io::stdout().flush();
    let _ = std::io::stderr().flush();
}
