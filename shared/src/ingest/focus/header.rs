//! Which column of a file is which column of FOCUS.

use std::{collections::BTreeMap, sync::Arc};

use super::extra::Extra;
use crate::{
    focus::{Level, Model, ModelColumn, Version},
    ingest::{
        Blocks, Refused,
        notices::{Kind as Notice, Notices},
        typed::{Choices, Fallback, Kind, Target},
    },
    warehouse::Mode,
};

/// The name of the provider up to 1.2; 1.4 no longer has it.
const PROVIDER: &str = "ProviderName";
const SERVICE_PROVIDER: &str = "ServiceProviderName";

/// How the columns of a file are read.
pub(super) struct Header {
    pub(super) version: Version,
    pub(super) targets: Vec<Target>,
    pub(super) extra: Extra,
}

/// The columns that a file may have: those of the model and those that it dropped.
pub(super) fn expected(model: &Model) -> Vec<String> {
    let names = model.columns.iter().map(|column| column.name.clone());
    names.chain(model.dropped.iter().map(|column| column.name.clone())).collect()
}

impl Header {
    /// Understands the names of a file's columns.
    pub(super) fn read(
        blocks: &dyn Blocks,
        model: &Model,
        version: Option<Version>,
        notices: &mut Notices,
    ) -> Result<Self, Refused> {
        let columns = blocks.columns();
        let mut places = BTreeMap::new();
        for name in expected(model) {
            if let Some(at) = place(columns, &name, notices) {
                places.insert(name, at);
            }
        }
        let shown = places.iter().filter(|(_, at)| blocks.shows(**at));
        let shown: Vec<_> = shown.map(|(name, _)| name.as_str()).collect();
        let version = version.unwrap_or_else(|| Version::of(model, shown.iter().copied()));
        if let Some(signs) = version.mixed(model, shown.iter().copied()) {
            let count = signs.len() as u64;
            notices.add_many(Notice::MixedVersions, count, || signs.join("; "));
        }
        let provider = places.remove(PROVIDER);
        if let Some(provider) = provider {
            places.entry(SERVICE_PROVIDER.to_owned()).or_insert(provider);
        }
        let known = |column: &ModelColumn| places.get(&column.name).copied();
        let found: Vec<_> =
            model.columns.iter().filter_map(|column| Some((column, known(column)?))).collect();
        let mut targets: Vec<_> =
            found.iter().map(|(column, at)| target(model, column, *at)).collect();
        fall_back(&mut targets, provider, blocks);
        let shown: Vec<_> = targets
            .iter()
            .filter(|target| target.column.is_some_and(|at| blocks.shows(at)))
            .map(|target| target.name.as_str())
            .collect();
        let count = (0..columns.len()).filter(|at| blocks.shows(*at)).count();
        indispensable(&shown, model, count)?;
        mandatory(&shown, model, version, notices);
        let extra = Extra::new(blocks, &targets, notices);
        Ok(Self { version, targets, extra })
    }
}

/// Rows that lack the name of 1.3 may have the older one.
fn fall_back(targets: &mut [Target], provider: Option<usize>, blocks: &dyn Blocks) {
    for target in targets.iter_mut().filter(|target| target.name == SERVICE_PROVIDER) {
        let other = provider.filter(|at| target.column != Some(*at));
        let is_mix = target.column.is_some_and(|at| blocks.shows(at));
        target.fallback = other.map(|column| Fallback { column, is_mix });
    }
}

/// Where a column is: by its name, else by its name in another case, if that is one column only.
fn place(columns: &[String], name: &str, notices: &mut Notices) -> Option<usize> {
    if let Some(at) = columns.iter().position(|column| column == name) {
        return Some(at);
    }
    let mut alike =
        columns.iter().enumerate().filter(|(_, column)| column.eq_ignore_ascii_case(name));
    let ((at, column), None) = (alike.next()?, alike.next()) else { return None };
    notices.add(Notice::HeaderSpelling, || format!("`{column}` for {name}"));
    Some(at)
}

fn target(model: &Model, column: &ModelColumn, at: usize) -> Target {
    let field = model.schema.fields.iter().find(|field| field.name == column.name);
    let kind = match field.map(|field| field.kind) {
        _ if column.json => Kind::Json,
        _ if column.name == "BillingCurrency" => Kind::Currency,
        _ if !column.values.is_empty() => Kind::Choice(Arc::new(Choices::new(&column.values))),
        Some(kind) => Kind::of(kind),
        None => Kind::Text,
    };
    let required = field.is_some_and(|field| field.mode == Mode::Required);
    Target { name: column.name.clone(), column: Some(at), fallback: None, kind, required }
}

/// Refuses a file that lacks a column without which no row is worth anything.
fn indispensable(shown: &[&str], model: &Model, columns: usize) -> Result<(), Refused> {
    let required = model.schema.fields.iter().filter(|field| field.mode == Mode::Required);
    let missing: Vec<_> = required
        .map(|field| field.name.as_str())
        .filter(|name| !name.starts_with("x_"))
        .filter(|name| !shown.contains(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if shown.is_empty() {
        let hint = if columns == 1 { "; are its fields separated by commas?" } else { "" };
        return Err(Refused::new(
            "not_focus",
            format!("this is no FOCUS file: none of its {columns} columns is one of FOCUS{hint}"),
        ));
    }
    Err(Refused::new(
        "missing_column",
        format!("the file lacks {}, without which no row can be used", missing.join(", ")),
    ))
}

/// Tells which columns are missing that every file of a version has.
fn mandatory(shown: &[&str], model: &Model, version: Version, notices: &mut Notices) {
    let missing: Vec<_> = model
        .columns
        .iter()
        .filter(|column| column.level == Level::Mandatory && column.since <= version)
        .map(|column| column.name.as_str())
        .filter(|name| !shown.contains(name))
        .collect();
    let count = missing.len() as u64;
    notices.add_many(Notice::MandatoryColumnMissing, count, || missing.join(", "));
}
