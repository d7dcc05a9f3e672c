//! The job that a writer announces before it is sent, and what becomes of it when the writer dies.

use serde::{Deserialize, Serialize};

use super::{Fences, Inputs, Ticket, Writer, scopes};
use crate::{
    store::StoreError,
    warehouse::{Scope, Warehouse, WarehouseError},
};

/// Where it stands in a writer's document.
const KEY: &str = "job";

/// A replace that was announced.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Announced {
    /// The name of the warehouse's job.
    id: String,
    /// The number of who sends it.
    number: u64,
    /// What it replaces.
    scope: Scope,
    /// The hash of the file that its rows come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

impl Fences {
    /// Writes down which job is going to be sent: whoever takes the table over asks for it first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] where somebody took the table over already; as the store.
    pub async fn announce(
        &self,
        writer: &mut Writer,
        job: &str,
        (ticket, scope): (&Ticket, &Scope),
        input: Option<&Inputs<'_>>,
    ) -> Result<(), StoreError> {
        let announced = Announced {
            id: job.to_owned(),
            number: ticket.number,
            scope: scope.clone(),
            sha256: input.map(|input| input.sha256.to_owned()),
        };
        let note =
            serde_json::to_value(announced).map_err(|error| StoreError::Other(error.into()))?;
        writer.note(self.clock.now(), KEY, Some(note)).await
    }

    /// Settles what a writer before this one announced and did not end: its job is kept from
    /// running, or waited for. What it did after all is written down as if it had lived.
    ///
    /// # Errors
    ///
    /// As the warehouse and the store; nothing may be written before it succeeds.
    pub async fn settle<E>(
        &self,
        writer: &mut Writer,
        ticket: &Ticket,
        warehouse: &dyn Warehouse,
    ) -> Result<(), E>
    where
        E: From<StoreError> + From<WarehouseError>,
    {
        let Some(left) = writer.left(KEY) else { return Ok(()) };
        let left: Announced =
            serde_json::from_value(left).map_err(|error| StoreError::Other(error.into()))?;
        if warehouse.spoil(&left.id).await? {
            tracing::warn!(job = left.id, "a dead writer's job was done, it counts");
            let at = (ticket.table.as_str(), &left.scope.source);
            let input = left.sha256.as_deref().map(|sha256| Inputs { sha256, may_take: None });
            let when = (left.number, self.clock.now());
            scopes::change(self, &ticket.org, at, |scopes, _| {
                scopes.merged(when, &left.scope, input.as_ref());
            })
            .await?;
        }
        Ok(writer.note(self.clock.now(), KEY, None).await?)
    }
}
