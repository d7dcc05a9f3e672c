//! The dataset of an organization: made under a label, and never taken from somebody else.

use std::collections::BTreeMap;

use super::Tenants;
use crate::{
    Error, Result,
    entities::Organization,
    setup,
    warehouse::{Dataset, TableSchema, WarehouseError},
};

/// The label that says which onboarding made a dataset.
const CREATION: &str = "creation";

impl Tenants {
    /// Makes the dataset with its tables, and looks at them again.
    ///
    /// # Errors
    ///
    /// 409 where a dataset of that name was there before.
    pub(super) async fn make_dataset(&self, organization: &Organization) -> Result<()> {
        let dataset = Dataset::Org(organization.org_slug.clone());
        if self.warehouse.dataset_labels(&dataset).await?.is_none() {
            let labels = BTreeMap::from([
                ("managed_by".to_owned(), "convergence".to_owned()),
                (CREATION.to_owned(), organization.creation.clone()),
            ]);
            self.warehouse.create_dataset(&dataset, &labels).await?;
        }
        // Also where it was just made: somebody else may have made it in between.
        if !self.is_made_by(organization).await? {
            return Err(dataset_exists(&organization.dataset));
        }
        let tables = self.organization_tables()?;
        setup::apply(&*self.warehouse, &dataset, &tables).await?;
        Ok(())
    }

    /// The tables that the dataset of every organization has.
    pub(super) fn organization_tables(&self) -> Result<Vec<TableSchema>> {
        let read = setup::organization_tables(&self.configs);
        Ok(read.map_err(|mistakes| anyhow::anyhow!("bad schemas: {}", mistakes.join("; ")))?)
    }

    /// Deletes the dataset if this onboarding made it.
    pub(super) async fn drop_made_dataset(&self, organization: &Organization) -> Result<()> {
        if self.is_made_by(organization).await? {
            self.warehouse.drop_dataset(&Dataset::Org(organization.org_slug.clone())).await?;
        }
        Ok(())
    }

    async fn is_made_by(&self, organization: &Organization) -> Result<bool, WarehouseError> {
        let dataset = Dataset::Org(organization.org_slug.clone());
        let labels = self.warehouse.dataset_labels(&dataset).await?;
        Ok(labels.is_some_and(|labels| labels.get(CREATION) == Some(&organization.creation)))
    }
}

pub(super) fn dataset_exists(name: &str) -> Error {
    Error::Conflict(format!(
        "a dataset named `{name}` is there already, which no onboarding made; choose another slug"
    ))
}
