//! A table as it is against how it should be.

use crate::warehouse::{Field, Mode, TableSchema};

/// What a table lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// It does not exist.
    Missing,
    /// It lacks these columns.
    Lacks(Vec<String>),
    /// Nothing.
    Nothing,
}

/// Compares a table's columns (`None`: it does not exist) with its schema. Columns that only the
/// table has are left alone: a newer version of this program made them.
///
/// # Errors
///
/// Every column that cannot become what the schema says without losing data.
pub fn compare(
    existing: Option<&[Field]>,
    schema: &TableSchema,
) -> Result<Difference, Vec<String>> {
    let Some(existing) = existing else { return Ok(Difference::Missing) };
    let (mut lacks, mut mistakes) = (Vec::new(), Vec::new());
    for wanted in &schema.fields {
        match existing.iter().find(|field| field.name.eq_ignore_ascii_case(&wanted.name)) {
            None if wanted.mode == Mode::Required => mistakes.push(format!(
                "{}.{}: a column that is added later cannot be REQUIRED",
                schema.name, wanted.name
            )),
            None => lacks.push(wanted.name.clone()),
            Some(field) if field.kind != wanted.kind || field.mode != wanted.mode => {
                mistakes.push(format!(
                    "{}.{}: it is {:?} {:?} and cannot become {:?} {:?}",
                    schema.name, wanted.name, field.mode, field.kind, wanted.mode, wanted.kind
                ));
            }
            Some(_) => {}
        }
    }
    match (mistakes.is_empty(), lacks.is_empty()) {
        (false, _) => Err(mistakes),
        (true, true) => Ok(Difference::Nothing),
        (true, false) => Ok(Difference::Lacks(lacks)),
    }
}
