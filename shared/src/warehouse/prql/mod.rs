//! PRQL, the language of every read and transform, compiled to both dialects.
//!
//! Compiling takes milliseconds, so it happens when a text is first asked, and the result is kept.

mod compile;
mod params;
mod template;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

pub use self::params::{Bound, SqlType};
use self::template::Template;
use super::{Query, WarehouseError};

/// Texts kept compiled before all are forgotten: far more than a deployment has.
const KEPT: usize = 1024;

/// The SQL dialects that queries are compiled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// BigQuery.
    BigQuery,
}

type Cache = Mutex<HashMap<(Dialect, String), Arc<Template>>>;

static COMPILED: LazyLock<Cache> = LazyLock::new(Cache::default);

/// The SQL of a query, and its parameters in the order in which the dialect takes them.
///
/// # Errors
///
/// [`WarehouseError::Query`] with PRQL's own message and the place of the mistake, or naming every
/// parameter that the text wants and the query lacks, or the other way round.
pub fn compile(query: &Query, dialect: Dialect) -> Result<Bound, WarehouseError> {
    template(&query.prql, dialect)
        .and_then(|template| template.bind(&query.params, dialect))
        .map_err(|message| WarehouseError::Query(format!("query `{}`: {message}", query.name)))
}

/// The names of the parameters in a text.
///
/// # Errors
///
/// [`WarehouseError::Query`] where the text is not PRQL.
pub fn parameters(prql: &str) -> Result<Vec<String>, WarehouseError> {
    let found = template(prql, Dialect::DuckDb).map_err(WarehouseError::Query)?;
    Ok(found.names().map(str::to_owned).collect())
}

/// The SQL with its parameters as `$name`, before their types are known.
///
/// # Errors
///
/// [`WarehouseError::Query`] where the text is not PRQL.
pub fn sql(prql: &str, dialect: Dialect) -> Result<String, WarehouseError> {
    compile::compile(prql, dialect).map_err(WarehouseError::Query)
}

fn template(prql: &str, dialect: Dialect) -> Result<Arc<Template>, String> {
    let key = (dialect, prql.to_owned());
    let lock = || COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lock().get(&key) {
        return Ok(Arc::clone(known));
    }
    // Not under the lock: two threads may compile the same text once each.
    let made = Arc::new(Template::parse(&compile::compile(prql, dialect)?, dialect));
    let mut cache = lock();
    if cache.len() >= KEPT {
        cache.clear();
    }
    cache.insert(key, Arc::clone(&made));
    Ok(made)
}
