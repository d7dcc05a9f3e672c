//! Tables that grow columns and never lose any, whatever keeps them.

use super::{Applied, Description, Field, Mode, TableSchema, ViewSchema, WarehouseError};

/// The columns that are missing, unless the table has something that the schema lacks or changes.
pub(super) fn compare(table: &TableSchema, there: &[Field]) -> Result<Applied, WarehouseError> {
    let find = |fields: &[Field], name: &str| fields.iter().find(|f| f.name == name).cloned();
    let mut problems = Vec::new();
    for old in there {
        match find(&table.fields, &old.name) {
            None => problems.push(format!("column `{}` would be lost", old.name)),
            Some(new) if (new.kind, new.mode) != (old.kind, old.mode) => problems.push(format!(
                "column `{}` is {:?} {:?} and cannot become {:?} {:?}",
                old.name, old.mode, old.kind, new.mode, new.kind
            )),
            Some(_) => {}
        }
    }
    let missing = || table.fields.iter().filter(|new| find(there, &new.name).is_none());
    let required = missing().filter(|new| new.mode == Mode::Required);
    problems.extend(required.map(|new| format!("new column `{}` cannot be REQUIRED", new.name)));
    if !problems.is_empty() {
        let what = problems.join("; ");
        return Err(WarehouseError::Incompatible(format!("table `{}`: {what}", table.name)));
    }
    let added: Vec<String> = missing().map(|new| new.name.clone()).collect();
    Ok(if added.is_empty() { Applied::Unchanged } else { Applied::Updated(added) })
}

/// Refuses a view of nothing, or of a table that does not exist.
pub(super) fn check_view(view: &ViewSchema, there: &Description) -> Result<(), WarehouseError> {
    if let Some(absent) = view.tables.iter().find(|table| !there.contains_key(*table)) {
        return Err(WarehouseError::NoSuchTable(absent.clone()));
    }
    if view.tables.is_empty() || view.columns.is_empty() {
        let what = format!("view `{}` needs a table and a column", view.name);
        return Err(WarehouseError::Incompatible(what));
    }
    Ok(())
}
