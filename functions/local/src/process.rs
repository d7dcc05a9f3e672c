//! Everything that runs while this process has the files open: the routes, the queue, the sweep.

use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use convergence::{
    clock::SystemClock,
    service::{self, Embedded, Opened, Parts},
    settings::Settings,
    warehouse::meter::Meter,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{delivery::Delivery, router};

/// The open files and what works on them.
pub(crate) struct Process {
    /// Every route.
    pub(crate) router: Router,
    /// Which start this is.
    pub(crate) boot_id: String,
    stop: CancellationToken,
    tasks: TaskTracker,
    meter: Arc<Meter>,
}

impl Process {
    /// Opens the files; from now on they are this process's alone.
    ///
    /// # Errors
    ///
    /// Fails where they cannot be opened, as when another process has them.
    pub(crate) fn open(settings: &Arc<Settings>) -> anyhow::Result<Self> {
        let Opened { state, deliveries, meter } =
            service::open(settings.clone(), Parts::real(Arc::new(SystemClock), Embedded::files()))?;
        let issuer = state.issuer.clone().context("`convergence` needs QUEUE_URL=local:")?;
        let queue = deliveries.context("`convergence` needs QUEUE_URL=local:")?;
        let (boot_id, stop) = (state.boot.0.to_string(), state.stop.0.clone());
        let ids = state.ids.clone();
        let router = service::app(router(), state);
        let delivery = Delivery::new(router.clone(), issuer, ids);
        let tasks = TaskTracker::new();
        tasks.spawn(delivery.clone().run(queue, stop.clone()));
        tasks.spawn(delivery.sweep_each_minute(stop.clone()));
        tasks.spawn(meter.clone().run(stop.clone()));
        Ok(Self { router, boot_id, stop, tasks, meter })
    }

    /// Cancelled when the process is to end.
    pub(crate) fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Stops what works, and waits until it has put its things down.
    pub(crate) async fn close(self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(service::DRAIN, self.tasks.wait()).await.is_err() {
            tracing::warn!("stopping with runs under way: the next start goes on with them");
        }
        // What the last requests asked; losing it on a failure is accepted.
        let _ = self.meter.flush().await;
    }
}
