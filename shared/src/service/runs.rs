//! What executes runs, put together from what was opened.

use std::sync::Arc;

use anyhow::anyhow;

use crate::{
    claims::Claims,
    clock::Clock,
    configs::Configs,
    connections::Connections,
    fences::Fences,
    files::Files,
    focus::Model,
    ids::Ids,
    ledger::Ledger,
    pipeline::{Plans, engine::Engine},
    queue::Queue,
    runs::{Boot, Budget, Imports, Runs},
    store::Store,
    warehouse::Warehouse,
};

/// The parts of [`Runs`].
pub(super) struct RunsParts<'a> {
    pub(super) configs: &'a Configs,
    pub(super) model: Arc<Model>,
    pub(super) connections: Connections,
    pub(super) store: Arc<dyn Store>,
    pub(super) warehouse: Arc<dyn Warehouse>,
    pub(super) files: Arc<dyn Files>,
    pub(super) queue: Arc<dyn Queue>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) claims: Arc<Claims>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) boot: Boot,
    pub(super) budget: Budget,
    pub(super) imports: Option<Imports>,
    pub(super) upload_bytes: u64,
}

/// Puts them together.
///
/// # Errors
///
/// Every mistake in the pipelines of `configs`.
pub(super) fn runs(parts: RunsParts<'_>) -> anyhow::Result<Runs> {
    let RunsParts {
        configs,
        model,
        connections,
        store,
        warehouse,
        files,
        queue,
        ledger,
        claims,
        clock,
        ids,
        boot,
        budget,
        imports,
        upload_bytes,
    } = parts;
    let plans = Plans::load(configs).map_err(|problems| {
        let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
        anyhow!("pipelines have mistakes:\n{}", problems.join("\n"))
    })?;
    let engine = Engine {
        warehouse,
        fences: Fences::new(store.clone(), clock.clone(), ids.clone(), boot),
        files,
        tables: plans.tables().clone(),
        sure: Arc::default(),
        connections,
        model,
        clock: clock.clone(),
        ids: ids.clone(),
    };
    let plans = Arc::new(plans);
    Ok(Runs {
        store,
        queue,
        ledger,
        claims,
        plans,
        engine,
        clock,
        ids,
        boot,
        budget,
        imports,
        upload_bytes,
    })
}
