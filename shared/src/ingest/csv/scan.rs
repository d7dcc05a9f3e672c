//! Finds the fields of whole records in a piece of CSV.

use arrow::buffer::Buffer;

use crate::ingest::block::{Block, Form, Misfit, Span, cut};

/// Where the fields of the whole records in a text stand.
pub(super) struct Scan {
    /// The line of the first record.
    pub(super) first_line: u64,
    /// The line after the last record.
    pub(super) next_line: u64,
    /// Bytes of the whole records.
    pub(super) taken: usize,
    width: usize,
    spans: Vec<Span>,
    lines: Vec<u64>,
    misfits: Vec<Misfit>,
}

/// The field that is being read.
struct Field {
    start: usize,
    /// Between an opening quote and its closing one.
    inside: bool,
    /// Where the closing quote stands.
    closed: Option<usize>,
    form: Form,
}

impl Field {
    fn at(start: usize) -> Self {
        Self { start, inside: false, closed: None, form: Form::Plain }
    }

    /// Its span, when it ends before `end`; the last of a record may be followed by `\r`.
    fn span(&self, text: &[u8], end: usize, last: bool) -> Span {
        let feed = last && text[self.start..end].last() == Some(&b'\r');
        let (start, end) = match self.closed {
            Some(close) => (self.start + 1, close),
            None => (self.start, end - usize::from(feed)),
        };
        Span { start: short(start), end: short(end), form: self.form }
    }
}

/// Positions within a block, which is far smaller than 4 GiB.
fn short(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

impl Scan {
    /// Scans `text`, which begins with a record in line `line`; at the end of the input
    /// (`ended`), the last record need not end with a line feed.
    pub(super) fn new(text: &[u8], line: u64, width: usize, ended: bool) -> Self {
        let mut scan = Self {
            first_line: line,
            next_line: line,
            taken: 0,
            width,
            spans: Vec::with_capacity(text.len() / 8),
            lines: Vec::with_capacity(text.len() / 256),
            misfits: Vec::new(),
        };
        scan.run(text, ended);
        scan
    }

    fn run(&mut self, text: &[u8], ended: bool) {
        // The first field and byte of the record that is being read, and line feeds within it.
        let (mut record, mut feeds) = (0, 0);
        let mut field = Field::at(0);
        let mut escape = usize::MAX;
        for at in memchr::memchr3_iter(b'"', b',', b'\n', text) {
            match text[at] {
                b'"' if at == escape => {}
                b'"' if field.inside => escape = quote(&mut field, text, at),
                b'"' if at == field.start => (field.inside, field.form) = (true, Form::Quoted),
                b'"' => field.form = Form::Stray,
                b'\n' if field.inside => feeds += 1,
                b',' if field.inside => {}
                byte => {
                    self.spans.push(field.span(text, at, byte == b'\n'));
                    field = Field::at(at + 1);
                    if byte == b'\n' {
                        self.end(text, record, at + 1, feeds);
                        (record, feeds) = (self.spans.len(), 0);
                    }
                }
            }
        }
        if ended && self.taken < text.len() {
            if field.inside {
                field.form = Form::Stray;
            }
            self.spans.push(field.span(text, text.len(), true));
            self.end(text, record, text.len(), feeds);
        } else {
            self.spans.truncate(record);
        }
    }

    /// Ends the record whose fields begin at `record`, before byte `end`.
    fn end(&mut self, text: &[u8], record: usize, end: usize, feeds: u64) {
        let (line, start) = (self.next_line, self.taken);
        self.next_line += 1 + feeds;
        self.taken = end;
        let found = self.spans.len() - record;
        if found == self.width {
            self.lines.push(line);
            return;
        }
        self.spans.truncate(record);
        let text = String::from_utf8_lossy(&text[start..end]);
        if !text.trim().is_empty() {
            let reason = format!("{found} fields instead of {}", self.width);
            self.misfits.push(Misfit { position: line, reason, text: cut(text.trim_end(), 1_000) });
        }
    }

    /// The block of these records.
    pub(super) fn into_block(self, text: Buffer) -> Block {
        Block {
            bytes: text.len() as u64,
            text,
            spans: self.spans,
            width: self.width,
            positions: self.lines,
            misfits: self.misfits,
        }
    }
}

/// A quote inside a quoted field: half of `""`, the closing one, or one where none may be. Returns
/// where the other half of a `""` stands.
fn quote(field: &mut Field, text: &[u8], at: usize) -> usize {
    match text.get(at + 1) {
        Some(b'"') => {
            if field.form == Form::Quoted {
                field.form = Form::Escaped;
            }
            return at + 1;
        }
        None | Some(b',' | b'\n') => (field.inside, field.closed) = (false, Some(at)),
        Some(b'\r') if matches!(text.get(at + 2), None | Some(b'\n')) => {
            (field.inside, field.closed) = (false, Some(at));
        }
        Some(_) => field.form = Form::Stray,
    }
    usize::MAX
}
