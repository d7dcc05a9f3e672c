//! A block of records: their text, and where each field stands in it.

use arrow::buffer::Buffer;

/// Where a field stands in the text of its block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// Its first byte.
    pub(super) start: u32,
    /// The byte after its last.
    pub(super) end: u32,
    /// How it was written.
    pub(super) form: Form,
}

/// How a field was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// As it is meant.
    Plain,
    /// In quotes, which the span leaves out.
    Quoted,
    /// In quotes, with `""` for each quote inside.
    Escaped,
    /// As it is meant, with a quote in it.
    Bare,
    /// In quotes, with another quote where none may be.
    Stray,
    /// Unknown, as the format itself says.
    Null,
}

/// A record that has not as many fields as there are columns.
#[derive(Debug, Clone)]
pub(super) struct Misfit {
    /// Where it is in the input; see [`Block::positions`].
    pub(super) position: u64,
    /// What is wrong.
    pub(super) reason: String,
    /// Its text, cut.
    pub(super) text: String,
}

/// Whole records of an input.
#[derive(Debug)]
pub struct Block {
    /// The text that spans point into.
    pub(super) text: Buffer,
    /// The fields of all records, record after record.
    pub(super) spans: Vec<Span>,
    /// Fields of a record.
    pub(super) width: usize,
    /// Where each record is in the input: its line, or its row in a Parquet file, from 1.
    pub(super) positions: Vec<u64>,
    /// Records that do not fit.
    pub(super) misfits: Vec<Misfit>,
    /// Bytes of the input that this block took.
    pub(super) bytes: u64,
}

/// A field as its format has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing stands there.
    Empty,
    /// The word `NULL`.
    NullWord,
    /// A text.
    Text(&'a [u8]),
}

impl Block {
    /// How many records it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.positions.len()
    }

    /// Where a record is in the input: its line, or its row in a Parquet file, from 1.
    #[must_use]
    pub fn position(&self, row: usize) -> u64 {
        self.positions[row]
    }

    pub(super) fn span(&self, row: usize, column: usize) -> Span {
        self.spans[row * self.width + column]
    }

    /// The bytes of a span, as they are written.
    pub(super) fn written(&self, span: Span) -> &[u8] {
        &self.text[span.start as usize..span.end as usize]
    }

    /// A field, with `""` inside quotes not yet undone (see [`Block::text`]).
    pub(super) fn cell(&self, row: usize, column: usize) -> (Span, Cell<'_>) {
        let span = self.span(row, column);
        let text = self.written(span);
        let cell = match (span.form, text) {
            (Form::Null, _) | (_, b"") => Cell::Empty,
            (Form::Plain, b"NULL" | b"null") => Cell::NullWord,
            _ => Cell::Text(text),
        };
        (span, cell)
    }

    /// A field's text, or `None` where it is unknown.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> Option<String> {
        match self.cell(row, column) {
            (span, Cell::Text(text)) => {
                let text = if span.form == Form::Escaped { unescape(text) } else { text.to_vec() };
                Some(String::from_utf8_lossy(&text).into_owned())
            }
            _ => None,
        }
    }

    /// A record as text for people: its fields joined by commas, cut.
    #[must_use]
    pub fn excerpt(&self, row: usize) -> String {
        let fields = (0..self.width).map(|column| self.text(row, column).unwrap_or_default());
        cut(&fields.collect::<Vec<_>>().join(","), 1_000)
    }
}

impl Block {
    /// A block for records of another shape that are made from this one's: it stands for the same
    /// bytes, and has the same misfits.
    #[must_use]
    pub fn emptied(&self, width: usize) -> Reshaped {
        let block = Self {
            text: Buffer::from(Vec::<u8>::new()),
            spans: Vec::new(),
            width,
            positions: Vec::new(),
            misfits: self.misfits.clone(),
            bytes: self.bytes,
        };
        Reshaped { block, text: Vec::new() }
    }
}

/// Records of another shape on their way into a block.
#[derive(Debug)]
pub struct Reshaped {
    block: Block,
    text: Vec<u8>,
}

impl Reshaped {
    /// Adds a record that stands at a position of the input.
    pub fn push<'a>(&mut self, position: u64, fields: impl Iterator<Item = Option<&'a str>>) {
        let short = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
        for field in fields {
            let start = short(self.text.len());
            self.text.extend(field.unwrap_or_default().as_bytes());
            let form = if field.is_some() { Form::Quoted } else { Form::Null };
            self.block.spans.push(Span { start, end: short(self.text.len()), form });
        }
        self.block.positions.push(position);
    }

    /// Adds a record that cannot be used.
    pub fn refuse(&mut self, position: u64, reason: String, text: String) {
        self.block.misfits.push(Misfit { position, reason, text });
    }

    /// The block.
    #[must_use]
    pub fn finish(self) -> Block {
        Block { text: self.text.into(), ..self.block }
    }
}

/// Makes `""` to `"`.
pub(super) fn unescape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        out.push(byte);
        if byte == b'"' {
            bytes.next();
        }
    }
    out
}

/// The first characters of a text, at most `length` bytes of it.
pub(super) fn cut(text: &str, length: usize) -> String {
    let end = text.floor_char_boundary(length);
    if end < text.len() { format!("{}…", &text[..end]) } else { text.to_owned() }
}
