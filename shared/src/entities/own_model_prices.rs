//! An organization's own prices of a model: `prices/{org}/{provider}:{model in base64}`.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    ledger::{RowVersion, rows},
    org::OrgSlug,
    pricing::OwnPrices,
    store::{Collection, Entity, Key},
};

/// All own prices of a model. One document, so that two that overlap are never kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OwnModelPrices {
    /// Whose model it is.
    pub provider: String,
    /// The model, as the provider calls it.
    pub model: String,
    /// The prices, by their first day.
    pub periods: OwnPrices,
    /// When there first were own prices.
    pub created_at: Timestamp,
    /// When they were changed last.
    pub updated_at: Timestamp,
    /// Version of their newest rows in `llm_prices`.
    pub version: i64,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl OwnModelPrices {
    /// Where the document of a model is. Names of models have slashes, ids of documents have none.
    #[must_use]
    pub fn key(org: &OrgSlug, provider: &str, model: &str) -> Key {
        let model = BASE64_URL_SAFE_NO_PAD.encode(model);
        Key::org(Collection::Prices, org, format!("{provider}:{model}"))
    }

    /// The rows of `llm_prices`: one for each period, tier and step.
    pub fn rows(
        &self,
        replaces: Option<i64>,
        active: bool,
        recorded_by: &str,
    ) -> impl Iterator<Item = rows::LlmPrice> {
        self.periods.0.iter().flat_map(move |period| {
            period.prices.iter().map(move |row| rows::LlmPrice {
                provider: self.provider.clone(),
                model: self.model.clone(),
                effective_from: period.from,
                effective_until: period.until,
                currency: period.currency.clone(),
                tier: row.tier.as_str().to_owned(),
                above: row.above,
                prices: row.amounts(),
                active,
                created_at: self.created_at,
                version: RowVersion {
                    version: self.version,
                    replaces,
                    recorded_by: Some(recorded_by.to_owned()),
                },
            })
        })
    }
}

impl Entity for OwnModelPrices {
    fn filters(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::from([("provider", self.provider.clone())])
    }
}
