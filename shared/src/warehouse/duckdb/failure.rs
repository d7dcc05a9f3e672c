//! What DuckDB's errors mean to a caller.

use anyhow::anyhow;
use duckdb::Error;

use crate::warehouse::WarehouseError;

type Make = fn(String) -> WarehouseError;

/// DuckDB puts the kind of an error in front of its message.
const KINDS: [(&str, Make); 12] = [
    ("Constraint Error", WarehouseError::Incompatible),
    ("Conversion Error", WarehouseError::Incompatible),
    ("Out of Range Error", WarehouseError::Query),
    ("Binder Error", WarehouseError::Query),
    ("Parser Error", WarehouseError::Query),
    ("Catalog Error", WarehouseError::Query),
    ("Invalid Input Error", WarehouseError::Query),
    ("Syntax Error", WarehouseError::Query),
    ("TransactionContext Error", later),
    ("Out of Memory Error", later),
    ("IO Error", later),
    ("INTERRUPT Error", later),
];

fn later(message: String) -> WarehouseError {
    WarehouseError::Unavailable(anyhow!(message))
}

impl From<Error> for WarehouseError {
    fn from(error: Error) -> Self {
        let Error::DuckDBFailure(_, Some(message)) = &error else {
            return Self::Other(error.into());
        };
        KINDS.iter().find(|(kind, _)| message.starts_with(kind)).map_or_else(
            || Self::Other(anyhow!(message.clone())),
            |(_, make)| make(message.clone()),
        )
    }
}
