//! `x_extra`: what a file has and FOCUS 1.4 has no column for, as canonical JSON.

use serde_json::{Map, Value};

use crate::ingest::{
    Cell,
    block::Form,
    jsonl::REST,
    notices::{Kind, Notices},
    typed::{Column, Target, Work},
};

/// The columns that go there.
pub(super) struct Extra {
    /// Place and name, with `"name":` ready to be written, by name.
    columns: Vec<(usize, String)>,
    /// A column whose value is an object of further members.
    rest: Option<usize>,
    /// Names of the seller, which say nothing new where they equal the service provider's.
    sellers: Vec<usize>,
    provider: Option<usize>,
}

impl Extra {
    /// All columns that are no target.
    pub(super) fn new(columns: &[String], targets: &[Target], notices: &mut Notices) -> Self {
        let used = |at: usize| targets.iter().any(|target| target.column == Some(at));
        let mut extra: Vec<_> = columns
            .iter()
            .enumerate()
            .filter(|(at, name)| !used(*at) && *name != REST)
            .map(|(at, name)| (at, name.clone()))
            .collect();
        extra.sort_by(|a, b| a.1.cmp(&b.1));
        let is_seller = |name: &str| matches!(name, "ProviderName" | "PublisherName");
        let sellers = extra.iter().filter(|(_, name)| is_seller(name)).map(|(at, _)| *at).collect();
        let unknown: Vec<_> =
            extra.iter().map(|(_, name)| name.as_str()).filter(|name| !is_seller(name)).collect();
        notices.add_many(Kind::UnknownColumn, unknown.len() as u64, || unknown.join(", "));
        let provider = targets.iter().find(|target| target.name == "ServiceProviderName");
        Self {
            columns: extra,
            rest: columns.iter().position(|name| name == REST),
            sellers,
            provider: provider.and_then(|target| target.column),
        }
    }

    /// What a row has there.
    fn members(&self, work: &Work<'_>, row: usize) -> Map<String, Value> {
        let block = work.block();
        let mut members = Map::new();
        for (at, name) in &self.columns {
            let (span, Cell::Text(text)) = block.cell(row, *at) else { continue };
            let provider = self.provider.filter(|_| self.sellers.contains(at));
            if provider.is_some_and(|provider| block.cell(row, provider).1 == Cell::Text(text)) {
                continue;
            }
            let value = match span.form {
                Form::Escaped => block.text(row, *at).unwrap_or_default(),
                _ => String::from_utf8_lossy(text).into_owned(),
            };
            members.insert(name.clone(), Value::String(value));
        }
        if let Some(Cell::Text(rest)) = self.rest.map(|at| block.cell(row, at).1)
            && let Ok(rest) = serde_json::from_slice::<Map<String, Value>>(rest)
        {
            members.extend(rest);
        }
        members
    }
}

/// The column; null where a row has nothing there.
pub(super) fn column(work: &mut Work<'_>, extra: &Extra) -> Column {
    let rows = work.rows();
    let (mut views, mut valid) = (vec![0; rows], vec![false; rows]);
    for row in 0..rows {
        let members = extra.members(work, row);
        if members.is_empty() {
            continue;
        }
        valid[row] = true;
        views[row] = work.aside(Value::Object(members).to_string().as_bytes());
    }
    Column::views(views, &valid)
}
