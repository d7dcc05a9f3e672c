//! The synthetic sample, exactly.

use std::{collections::BTreeMap, path::Path};

use convergence::decimal::Decimal;

use super::{SAMPLE, read};

/// Costs and credits by invoice month and currency: computed by Python's `decimal` over the text.
pub(crate) const TOTALS: [(&str, &str, &str, &str); 12] = [
    ("202603", "AUD", "77971.3925", "-6691.5251"),
    ("202603", "EUR", "80305.5068", "-13368.8616"),
    ("202603", "GBP", "312593.1939", "-424.4941"),
    ("202603", "USD", "455529.966", "-5682.435"),
    ("202604", "AUD", "105931.1186", "-18587.9961"),
    ("202604", "EUR", "44611.5006", "-33861.7789"),
    ("202604", "GBP", "131754.3584", "-3479.5609"),
    ("202604", "USD", "438547.1406", "-62420.5783"),
    ("202605", "AUD", "189057.5905", "-249.9101"),
    ("202605", "EUR", "389838.8598", "-15556.6726"),
    ("202605", "GBP", "133073.5666", "-228.9288"),
    ("202605", "USD", "544935.4355", "-115296.4687"),
];

#[test]
fn every_month_and_currency_is_exact() {
    let sample = read(Path::new(SAMPLE));
    assert_eq!(sample.rejects, []);
    let (costs, credits) = (sample.amounts("cost"), sample.amounts("credits_amount"));
    assert_eq!(costs.len(), 671, "500 charges and 171 credits");
    let keys = sample.texts("invoice_month").into_iter().zip(sample.texts("currency"));
    let mut totals = BTreeMap::<_, [Decimal; 2]>::new();
    for (key, (cost, credit)) in keys.zip(costs.into_iter().zip(credits)) {
        assert_ne!(cost.is_some(), credit.is_some(), "a row is a charge or a credit");
        for (total, amount) in totals.entry(key).or_default().iter_mut().zip([cost, credit]) {
            *total = total.checked_add(amount.unwrap_or_default()).unwrap();
        }
    }
    let totals: Vec<_> = totals
        .iter()
        .map(|((month, currency), [cost, credits])| {
            let text = |text: &Option<String>| text.clone().unwrap();
            (text(month), text(currency), cost.to_string(), credits.to_string())
        })
        .collect();
    let expected = TOTALS.map(|(month, currency, cost, credits)| {
        (month.to_owned(), currency.to_owned(), cost.to_owned(), credits.to_owned())
    });
    assert_eq!(totals, expected);
}

#[test]
fn a_credit_has_nothing_of_its_charge_that_adds_up() {
    let sample = read(Path::new(SAMPLE));
    let credits = sample.amounts("credits_amount");
    for name in ["cost_at_list", "usage_amount", "price_list_price"] {
        for (credit, amount) in credits.iter().zip(sample.amounts(name)) {
            assert!(credit.is_none() || amount.is_none(), "{name}");
        }
    }
    // The nested field is the export's; the flattened copy beside it has other ids.
    let ids = sample.texts("credits_id");
    assert!(ids.contains(&Some("CR-78220".to_owned())));
    assert!(!ids.contains(&Some("CR-61983".to_owned())));
}

#[test]
fn labels_and_the_rest_are_kept_as_canonical_json() {
    let sample = read(Path::new(SAMPLE));
    let tags = sample.texts("x_tags")[0].clone().unwrap();
    insta::assert_snapshot!(tags, @r#"{"enterprise_governance/data_classification":"restricted","env":"development","project/cost_center":"cc-1049","system/compute.googleapis.com/cores":"8","team":"secops"}"#);
    let extra = sample.texts("x_extra")[0].clone().unwrap();
    insta::assert_snapshot!(extra, @r#"{"consumption_model_description":"Billing managed via preemptible spot logic","consumption_model_id":"PREEMPTIBLE_SPOT","cost_at_effective_price_default":"212.478","cost_at_list_consumption_model":"236.0866","cost_type":"roundoff","currency_conversion_rate":"1.54","export_time":"2026-04-03T19:08:00Z","invoice_month":"202604","invoice_publisher_type":"partner","location_country":"US","location_location":"us-central1","price_tier_start_amount":"0","project_number":"883019284756","seller_name":"PARTNER","service_id":"SRV-BQY-881","transaction_type":"SUSTAINED_USAGE","usage_unit":"gibibyte"}"#);
}
