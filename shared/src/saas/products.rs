//! Well-known products, to begin a subscription from: `configs/system/saas_products.yml`.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Cycle;
use crate::{Error, configs::Configs};

/// Where they stand among the configs.
pub const PRODUCTS: &str = "system/saas_products.yml";

/// A product that is sold by seats and cycles. It has no price: those change, and depend on who
/// buys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// What a request calls it.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Who sells it.
    pub vendor: String,
    /// The FOCUS service category.
    pub service_category: String,
    /// The FOCUS service subcategory.
    pub service_subcategory: String,
    /// How it is usually billed: `monthly`, `quarterly`, `annual`, `{n} days` or `{n} months`.
    #[schema(value_type = Vec<String>)]
    pub cycles: Vec<Cycle>,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct Products(Vec<Product>);

impl Products {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    pub fn read(configs: &Configs) -> anyhow::Result<Self> {
        let text = configs.get(PRODUCTS).unwrap_or("[]");
        let products = serde_saphyr::from_str(text)
            .map_err(|error| anyhow::anyhow!("{PRODUCTS}: {}", error.without_snippet()))?;
        Ok(Self(products))
    }

    /// All of them, as they stand in the file.
    #[must_use]
    pub fn all(&self) -> &[Product] {
        &self.0
    }

    /// A product of this id.
    ///
    /// # Errors
    ///
    /// 422, which says where to look.
    pub fn find(&self, id: &str) -> crate::Result<&Product> {
        self.0.iter().find(|product| product.id == id).ok_or_else(|| {
            let message = format!("there is no product `{id}`; see GET /api/v1/saas-products");
            Error::invalid("template", message)
        })
    }
}

/// The products that are shipped, read when somebody first asks.
pub struct ShippedProducts {
    configs: Arc<Configs>,
    products: OnceLock<Result<Products, String>>,
}

impl ShippedProducts {
    /// Of the files of `configs`, none of which is read yet.
    #[must_use]
    pub fn new(configs: Arc<Configs>) -> Self {
        Self { configs, products: OnceLock::new() }
    }

    /// All of them.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the file.
    pub fn get(&self) -> crate::Result<&Products> {
        let read = || Products::read(&self.configs).map_err(|error| error.to_string());
        let products = self.products.get_or_init(read).as_ref();
        products.map_err(|error| anyhow::anyhow!("{error}").into())
    }
}
