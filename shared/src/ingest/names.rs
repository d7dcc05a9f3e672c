//! The names of a file's columns, whatever its format.

use std::collections::BTreeMap;

use super::Refused;

/// The names as they are; a column without a name is called by its place, as in `unnamed_1`.
///
/// Programs write such columns: an index before the first one, a comma after the last.
///
/// # Errors
///
/// Refuses a name that is there twice: which of both would be meant?
pub(super) fn columns(mut names: Vec<String>) -> Result<Vec<String>, Refused> {
    unique(&names)?;
    for at in 0..names.len() {
        if names[at].is_empty() {
            let mut name = format!("unnamed_{}", at + 1);
            while names.contains(&name) {
                name.push('_');
            }
            names[at] = name;
        }
    }
    Ok(names)
}

fn unique(names: &[String]) -> Result<(), Refused> {
    let mut seen = BTreeMap::new();
    for name in names.iter().filter(|name| !name.is_empty()) {
        *seen.entry(name).or_insert(0) += 1;
    }
    let twice: Vec<_> =
        seen.iter().filter(|(_, times)| **times > 1).map(|(name, _)| format!("`{name}`")).collect();
    if twice.is_empty() {
        return Ok(());
    }
    Err(Refused::new(
        "duplicate_header",
        format!("the header has {} more than once", twice.join(", ")),
    ))
}
