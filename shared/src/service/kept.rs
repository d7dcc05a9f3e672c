//! What organizations keep with us of what they buy, and what answers questions about it, put
//! together from what was opened.

use std::sync::Arc;

use crate::{
    costs::Costs,
    focus::Model,
    pricing::{Prices, ShippedPrices},
    providers::Providers,
    rates::ShippedRates,
    runs::Runs,
    saas::{ShippedProducts, Subscriptions},
    tenants::Tenants,
};

/// Over the same backends as organizations' own affairs.
pub(super) fn kept(
    tenants: &Tenants,
    (providers, runs): (&Arc<Providers>, &Runs),
    model: Arc<Model>,
) -> (Arc<Costs>, Arc<Subscriptions>, Arc<Prices>) {
    let costs = costs(tenants, &model).reconciling(runs.plans.reconciliations());
    let Tenants { clock, ids, configs, store, ledger, claims, .. } = tenants;
    let subscriptions = Subscriptions {
        store: store.clone(),
        ledger: ledger.clone(),
        claims: claims.clone(),
        providers: providers.clone(),
        products: ShippedProducts::new(configs.clone()),
        model,
        clock: clock.clone(),
        ids: ids.clone(),
    };
    let prices = Prices {
        store: store.clone(),
        ledger: ledger.clone(),
        claims: claims.clone(),
        providers: providers.clone(),
        shipped: ShippedPrices::new(configs.clone()),
        clock: clock.clone(),
    };
    (Arc::new(costs), Arc::new(subscriptions), Arc::new(prices))
}

fn costs(tenants: &Tenants, model: &Arc<Model>) -> Costs {
    let Tenants { clock, configs, store, warehouse, .. } = tenants;
    let read = (model.clone(), ShippedRates::new(configs.clone()));
    Costs::new(warehouse.clone(), store.clone(), clock.clone(), read)
}
