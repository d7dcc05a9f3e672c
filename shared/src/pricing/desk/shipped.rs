//! The prices that are shipped, read when somebody first asks: most requests never do.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use crate::{
    Result,
    configs::Configs,
    pricing::{PriceFile, read_all},
};

/// Every shipped price, by provider.
pub struct ShippedPrices {
    configs: Arc<Configs>,
    files: OnceLock<Result<BTreeMap<String, PriceFile>, Vec<String>>>,
}

impl ShippedPrices {
    /// Of the files of `configs`, none of which is read yet.
    #[must_use]
    pub fn new(configs: Arc<Configs>) -> Self {
        Self { configs, files: OnceLock::new() }
    }

    /// All of them.
    ///
    /// # Errors
    ///
    /// Every mistake in the files.
    pub fn all(&self) -> Result<&BTreeMap<String, PriceFile>> {
        let files = self.files.get_or_init(|| read_all(&self.configs));
        files.as_ref().map_err(|mistakes| anyhow::anyhow!(mistakes.join("; ")).into())
    }
}
