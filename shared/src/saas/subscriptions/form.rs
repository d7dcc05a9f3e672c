//! What requests say of subscriptions, as texts: every mistake is found before any is told.

use serde::Deserialize;
use utoipa::ToSchema;

/// What both forms say of terms.
#[derive(Debug, Clone)]
pub(super) struct TermsForm {
    pub(super) seats: u32,
    pub(super) price: String,
    pub(super) cycle: String,
    pub(super) discount_percent: Option<String>,
    pub(super) discount_amount: Option<String>,
}

/// A form with terms. Not by `flatten`, which cannot read numbers of any precision.
macro_rules! with_terms {
    ($(#[$doc:meta])+ $name:ident { $($own:tt)* }) => {
        $(#[$doc])+
        #[derive(Debug, Clone, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// Which edition it is of.
            #[schema(example = "Business+")]
            pub plan: Option<String>,
            /// How many seats are paid for.
            #[serde(default = "one")]
            #[schema(minimum = 1, default = 1)]
            pub seats: u32,
            /// The list price of one seat for one cycle, with at most 10 decimals.
            #[serde(default)]
            #[schema(example = "12.50", required = true)]
            pub price: String,
            /// `monthly`, `quarterly`, `annual`, `{n} days` or `{n} months`.
            #[serde(default)]
            #[schema(example = "monthly", required = true)]
            pub cycle: String,
            /// Hundredths of the price that are taken off.
            pub discount_percent: Option<String>,
            /// What is taken off the price of a cycle.
            pub discount_amount: Option<String>,
            /// The last day.
            #[schema(format = Date)]
            pub end_date: Option<String>,
            /// When the contract renews, where that is not with the next cycle.
            #[schema(format = Date)]
            pub renewal_date: Option<String>,
            /// How many days before it renews notice must be given.
            pub notice_days: Option<u16>,
        }

        impl $name {
            pub(super) fn terms(&self) -> TermsForm {
                TermsForm {
                    seats: self.seats,
                    price: self.price.clone(),
                    cycle: self.cycle.clone(),
                    discount_percent: self.discount_percent.clone(),
                    discount_amount: self.discount_amount.clone(),
                }
            }
        }
    };
}

fn one() -> u32 {
    1
}

with_terms! {
    /// A subscription to keep.
    SubscriptionForm {
        /// A product of `GET /api/v1/saas-products` whose name, vendor and category are taken over.
        #[schema(example = "slack")]
        pub template: Option<String>,
        /// What it is called; needed without a template.
        pub name: Option<String>,
        /// Who sells it; the name unless given.
        pub vendor: Option<String>,
        /// The FOCUS service category; `Business Applications` unless given.
        pub service_category: Option<String>,
        /// The FOCUS service subcategory.
        pub service_subcategory: Option<String>,
        /// ISO 4217. It cannot be changed later.
        #[serde(default)]
        #[schema(example = "USD", required = true)]
        pub currency: String,
        /// The first day.
        #[serde(default)]
        #[schema(format = Date, required = true)]
        pub start_date: String,
        /// The last day of a trial that costs nothing; the first cycle begins after it.
        #[schema(format = Date)]
        pub trial_end_date: Option<String>,
    }
}

with_terms! {
    /// A subscription as it should be from now on, or from a day on.
    ChangeForm {
        /// The first day of new terms; needed where seats, price, cycle or discount change.
        #[schema(format = Date)]
        pub effective_date: Option<String>,
    }
}
