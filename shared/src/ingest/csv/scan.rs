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
    /// Line feeds of the record before it.
    feeds: u64,
}

/// The record that is being read.
struct Record {
    /// Its first field.
    first: usize,
    /// Line feeds within it so far.
    feeds: u64,
}

/// What the end of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// That of a piece: the last record may go on.
    Piece,
    /// As long as a record may be: the first record cannot go on.
    Record,
    /// That of the input: the last record need not end with a line feed.
    Input,
}

impl Field {
    fn at(start: usize, feeds: u64) -> Self {
        Self { start, inside: false, closed: None, form: Form::Plain, feeds }
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
    /// Scans `text`, which begins with a record in line `line`.
    pub(super) fn new(text: &[u8], line: u64, width: usize, end: End) -> Self {
        let mut scan = Self {
            first_line: line,
            next_line: line,
            taken: 0,
            width,
            spans: Vec::with_capacity(text.len() / 8),
            lines: Vec::with_capacity(text.len() / 256),
            misfits: Vec::new(),
        };
        scan.run(text, end);
        scan
    }

    fn run(&mut self, text: &[u8], end: End) {
        let mut from = 0;
        while let Some(next) = self.pass(text, from, end) {
            from = next;
        }
    }

    /// Reads records from byte `from` on; says where to begin again after a quote that spoils a line.
    fn pass(&mut self, text: &[u8], from: usize, end: End) -> Option<usize> {
        let mut record = Record { first: self.spans.len(), feeds: 0 };
        let mut field = Field::at(from, 0);
        let mut escape = usize::MAX;
        for at in memchr::memchr3_iter(b'"', b',', b'\n', &text[from..]) {
            let at = at + from;
            match text[at] {
                b'"' if at == escape => {}
                b'"' if field.inside => {
                    escape = quote(&mut field, text, at);
                    if field.form == Form::Stray && record.feeds > field.feeds {
                        return self.spoilt(text, &record, &field);
                    }
                }
                b'"' if at == field.start => (field.inside, field.form) = (true, Form::Quoted),
                b'"' => field.form = Form::Bare,
                b'\n' if field.inside && field.form == Form::Stray => {
                    return self.spoilt(text, &record, &field);
                }
                b'\n' if field.inside => record.feeds += 1,
                b',' if field.inside => {}
                byte => {
                    self.spans.push(field.span(text, at, byte == b'\n'));
                    if byte == b'\n' {
                        self.end(text, &record, at + 1);
                        record = Record { first: self.spans.len(), feeds: 0 };
                    }
                    field = Field::at(at + 1, record.feeds);
                }
            }
        }
        self.last(text, &record, &field, end)
    }

    /// What becomes of the record that the end of the text cuts off.
    fn last(&mut self, text: &[u8], record: &Record, field: &Field, end: End) -> Option<usize> {
        let whole = end == End::Input || (end == End::Record && self.taken == 0);
        if whole && field.inside && record.feeds > field.feeds {
            return self.spoilt(text, record, field);
        }
        if end == End::Input && self.taken < text.len() {
            let form = if field.inside { Form::Stray } else { field.form };
            self.spans.push(Field { form, ..*field }.span(text, text.len(), true));
            self.end(text, record, text.len());
        } else {
            self.spans.truncate(record.first);
        }
        None
    }

    /// Rejects a record up to the end of the line in which `field` begins: its quote is never
    /// closed, so the lines after it are records of their own.
    fn spoilt(&mut self, text: &[u8], record: &Record, field: &Field) -> Option<usize> {
        self.spans.truncate(record.first);
        let feed = memchr::memchr(b'\n', &text[field.start..])?;
        let (start, end) = (self.taken, field.start + feed + 1);
        self.misfit(&text[start..end], "a quote where none may be, or one that is never closed");
        self.next_line += 1 + field.feeds;
        self.taken = end;
        Some(end)
    }

    /// Ends a record before byte `end`.
    fn end(&mut self, text: &[u8], record: &Record, end: usize) {
        let (line, start) = (self.next_line, self.taken);
        let found = self.spans.len() - record.first;
        if found == self.width {
            self.lines.push(line);
        } else {
            self.spans.truncate(record.first);
            let reason = format!("{found} fields instead of {}", self.width);
            self.misfit(&text[start..end], &reason);
        }
        self.next_line += 1 + record.feeds;
        self.taken = end;
    }

    /// Notes a record that does not fit, unless it is an empty line.
    fn misfit(&mut self, record: &[u8], reason: &str) {
        let text = String::from_utf8_lossy(record);
        if !text.trim().is_empty() {
            let (position, reason) = (self.next_line, reason.to_owned());
            self.misfits.push(Misfit { position, reason, text: cut(text.trim_end(), 1_000) });
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
