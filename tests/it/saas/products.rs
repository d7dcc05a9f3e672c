//! The products that are shipped: what they are called and how they are billed, never what they cost.

use std::collections::BTreeSet;

use convergence::{
    configs::Configs,
    focus::Model,
    saas::{PRODUCTS, Products},
};

#[test]
fn fifty_products_and_more_are_shipped_with_categories_that_focus_knows() {
    let configs = Configs::embedded();
    let (products, model) = (Products::read(&configs).unwrap(), Model::read(&configs).unwrap());
    assert!(products.all().len() >= 50);
    let ids: BTreeSet<_> = products.all().iter().map(|product| &product.id).collect();
    assert_eq!(ids.len(), products.all().len(), "each once");
    for product in products.all() {
        let known = &model.subcategories[&product.service_category];
        assert!(known.contains(&product.service_subcategory), "{product:?}");
        assert!(!product.cycles.is_empty(), "{product:?}");
    }
}

#[test]
fn no_price_is_shipped_with_them() {
    let configs = Configs::embedded();
    let text = configs.get(PRODUCTS).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#')).collect::<String>();
    let digits: String = lines.replace("Microsoft 365", "").replace("microsoft_365", "");
    let digits = digits.replace("1Password", "");
    assert!(!digits.contains(|c: char| c.is_ascii_digit()), "a digit may be a price");
    assert!(products_error().contains(PRODUCTS));
}

fn products_error() -> String {
    let wrong = Configs::of([(PRODUCTS.to_owned(), "- { id: a, price: 1 }".to_owned())]);
    Products::read(&wrong).unwrap_err().to_string()
}
