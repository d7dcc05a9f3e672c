//! JSON lines: one object in each line.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Read},
    sync::{Mutex, PoisonError},
};

use serde_json::{Map, Value};

use super::{
    Block, Blocks, Limits, Refused,
    block::{Form, Misfit, Span, cut},
    json::Record,
};

/// What the column is called that holds, as one object, every member that is no column of its own.
const REST: &str = "";

/// A file of JSON lines.
pub(super) struct Jsonl {
    columns: Vec<String>,
    /// Which columns the first records have.
    shown: BTreeSet<usize>,
    /// Where each column is.
    places: BTreeMap<String, usize>,
    limits: Limits,
    input: Mutex<Lines>,
}

struct Lines {
    read: BufReader<Box<dyn Read + Send>>,
    /// Lines that were read to learn the columns.
    ahead: Vec<u8>,
    line: u64,
}

impl Jsonl {
    /// Takes as columns what is expected and what the first lines have.
    pub(super) fn new(
        read: Box<dyn Read + Send>,
        expected: &[String],
        limits: Limits,
    ) -> Result<Self, Refused> {
        let read = BufReader::with_capacity(1 << 18, read);
        let mut lines = Lines { read, ahead: Vec::new(), line: 1 };
        lines.ahead = lines.cut(limits)?.unwrap_or_default();
        let mut names = BTreeSet::new();
        for line in lines.ahead.split(|byte| *byte == b'\n') {
            let Ok(Record(record)) = serde_json::from_slice(line) else { continue };
            names.extend(record.into_iter().map(|(name, _)| name).filter(|name| name != REST));
        }
        let mut columns = expected.to_vec();
        columns.extend(names.iter().filter(|name| !expected.contains(name)).cloned());
        let numbered = columns.iter().cloned().enumerate();
        let places: BTreeMap<_, _> = numbered.map(|(place, name)| (name, place)).collect();
        let shown = names.iter().filter_map(|name| places.get(name).copied()).collect();
        columns.push(REST.to_owned());
        Ok(Self { columns, shown, places, limits, input: Mutex::new(lines) })
    }

    /// Adds the fields of a record to `text` and `spans`.
    fn record(&self, record: Map<String, Value>, text: &mut Vec<u8>, spans: &mut Vec<Span>) {
        let first = spans.len();
        spans.resize(first + self.columns.len(), Span { start: 0, end: 0, form: Form::Null });
        let mut rest = Map::new();
        for (name, value) in record {
            match self.places.get(&name) {
                Some(place) => spans[first + place] = written(&value, text),
                None => drop(rest.insert(name, value)),
            }
        }
        if !rest.is_empty() {
            spans[first + self.places.len()] = written(&Value::Object(rest), text);
        }
    }
}

/// Writes a value down: a text as it is, everything else as JSON.
fn written(value: &Value, text: &mut Vec<u8>) -> Span {
    let start = text.len();
    match value {
        Value::Null => {}
        Value::String(value) => text.extend(value.as_bytes()),
        other => text.extend(other.to_string().as_bytes()),
    }
    let short = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
    let form = if value.is_null() { Form::Null } else { Form::Quoted };
    Span { start: short(start), end: short(text.len()), form }
}

/// Why a line is no record: a line stands alone, so of the place only the column says something.
fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or_default();
    match (error.is_data(), what.starts_with("duplicate member")) {
        (true, true) => what.to_owned(),
        (true, false) => format!("not a JSON object: {what}"),
        (false, _) => format!("not a JSON object: {what} at column {}", error.column()),
    }
}

impl Blocks for Jsonl {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn shows(&self, column: usize) -> bool {
        self.shown.contains(&column)
    }

    fn rest(&self) -> Option<usize> {
        self.columns.len().checked_sub(1)
    }

    fn next(&self) -> Result<Option<Block>, Refused> {
        let (lines, first) = {
            let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
            let ahead = std::mem::take(&mut input.ahead);
            let lines = if ahead.is_empty() { input.cut(self.limits)? } else { Some(ahead) };
            let Some(lines) = lines else { return Ok(None) };
            let first = input.line;
            input.line += memchr::memchr_iter(b'\n', &lines).count() as u64;
            (lines, first)
        };
        let (mut text, mut spans) = (Vec::with_capacity(lines.len()), Vec::new());
        let (mut positions, mut misfits) = (Vec::new(), Vec::new());
        for (line, position) in lines.split(|byte| *byte == b'\n').zip(first..) {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match serde_json::from_slice(line) {
                Ok(Record(record)) => {
                    self.record(record, &mut text, &mut spans);
                    positions.push(position);
                }
                Err(error) => misfits.push(Misfit {
                    position,
                    reason: reason(&error),
                    text: cut(&String::from_utf8_lossy(line), 1_000),
                }),
            }
        }
        let width = self.columns.len();
        let bytes = lines.len() as u64;
        Ok(Some(Block { text: text.into(), spans, width, positions, misfits, bytes }))
    }
}

impl Lines {
    /// Whole lines, about a block of them; `None` at the end.
    fn cut(&mut self, limits: Limits) -> Result<Option<Vec<u8>>, Refused> {
        let mut lines = Vec::new();
        while lines.len() < limits.block {
            let before = lines.len();
            let mut line = (&mut self.read).take(limits.record as u64);
            line.read_until(b'\n', &mut lines).map_err(|error| Refused::unreadable(&error))?;
            let read = lines.len() - before;
            if read == limits.record {
                return Err(Refused::new(
                    "record_too_long",
                    format!("a line after line {} is longer than {}", self.line, limits.longest()),
                ));
            }
            if read == 0 {
                break;
            }
        }
        Ok((!lines.is_empty()).then_some(lines))
    }
}
