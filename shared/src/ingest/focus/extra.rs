//! `x_extra`: what a file has and FOCUS 1.4 has no column for, as canonical JSON.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::ingest::{
    Block, Blocks, Cell,
    block::{Form, Span, unescape},
    notices::{Kind, Notices},
    typed::{Column, Target, Work},
};

/// The columns that go there.
pub(super) struct Extra {
    /// By name.
    columns: Vec<Member>,
    /// A column whose value is an object of further members.
    rest: Option<usize>,
    /// Where the service provider is: the first of these that a row has.
    provider: [Option<usize>; 2],
}

/// A column that goes there.
struct Member {
    at: usize,
    name: String,
    /// `"name":`
    key: String,
    /// The name of a seller says nothing new where it equals the service provider's.
    is_seller: bool,
}

impl Member {
    fn new(at: usize, name: &str) -> Self {
        let key = format!("{}:", Value::from(name));
        let is_seller = matches!(name, "ProviderName" | "PublisherName");
        Self { at, name: name.to_owned(), key, is_seller }
    }
}

impl Extra {
    /// All columns that are no target.
    pub(super) fn new(blocks: &dyn Blocks, targets: &[Target], notices: &mut Notices) -> Self {
        let rest = blocks.rest();
        let used = |at: usize| targets.iter().any(|target| target.column == Some(at));
        let mut extra: Vec<_> = blocks
            .columns()
            .iter()
            .enumerate()
            .filter(|(at, _)| !used(*at) && Some(*at) != rest)
            .map(|(at, name)| Member::new(at, name))
            .collect();
        extra.sort_by(|a, b| a.name.cmp(&b.name));
        let unknown = extra.iter().filter(|column| !column.is_seller);
        let unknown: Vec<_> = unknown.map(|column| column.name.as_str()).collect();
        notices.add_many(Kind::UnknownColumn, unknown.len() as u64, || unknown.join(", "));
        let provider = targets.iter().find(|target| target.name == "ServiceProviderName");
        let provider = provider.map_or([None, None], |target| {
            [target.column, target.fallback.map(|fallback| fallback.column)]
        });
        Self { columns: extra, rest, provider }
    }

    /// The columns that have something new to say in a row, with their texts.
    fn texts<'a>(
        &self,
        block: &'a Block,
        row: usize,
    ) -> impl Iterator<Item = (&Member, Span, &'a [u8])> {
        let mut providers = self.provider.iter().flatten().map(|at| block.cell(row, *at).1);
        let provider = providers.find(|cell| matches!(cell, Cell::Text(_)));
        self.columns.iter().filter_map(move |column| {
            let (span, cell) = block.cell(row, column.at);
            let Cell::Text(text) = cell else { return None };
            let told = column.is_seller && provider == Some(cell);
            (!told).then_some((column, span, text))
        })
    }

    /// Adds what a row has there to `json`, member by member.
    fn write(&self, block: &Block, row: usize, json: &mut Vec<u8>) -> serde_json::Result<()> {
        let start = json.len();
        for (column, span, text) in self.texts(block, row) {
            json.push(if json.len() == start { b'{' } else { b',' });
            json.extend_from_slice(column.key.as_bytes());
            serde_json::to_writer(&mut *json, &meant(span, text))?;
        }
        if json.len() > start {
            json.push(b'}');
        }
        Ok(())
    }

    /// As [`Extra::write`], with the members of the rest, which may stand between ours.
    fn write_all(&self, block: &Block, row: usize, json: &mut Vec<u8>) -> serde_json::Result<()> {
        let Some((_, Cell::Text(rest))) = self.rest.map(|at| block.cell(row, at)) else {
            return self.write(block, row, json);
        };
        let mut members: Map<String, Value> = serde_json::from_slice(rest)?;
        for (column, span, text) in self.texts(block, row) {
            members.insert(column.name.clone(), Value::String(meant(span, text).into_owned()));
        }
        serde_json::to_writer(json, &members)
    }
}

/// The text that a field means.
fn meant(span: Span, text: &[u8]) -> Cow<'_, str> {
    match span.form {
        Form::Escaped => String::from_utf8_lossy(&unescape(text)).into_owned().into(),
        _ => String::from_utf8_lossy(text),
    }
}

/// The column; null where a row has nothing there.
pub(super) fn column(work: &mut Work<'_>, extra: &Extra) -> anyhow::Result<Column> {
    let (rows, block) = (work.rows(), work.block());
    let (mut views, mut valid) = (vec![0; rows], vec![false; rows]);
    for row in 0..rows {
        if let Some(view) = work.write_aside(|json| extra.write_all(block, row, json))? {
            (views[row], valid[row]) = (view, true);
        }
    }
    Ok(Column::views(views, &valid))
}
