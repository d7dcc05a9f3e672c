//! The first line of a CSV file.

use super::{End, Input, Scan};
use crate::ingest::{
    Limits, Refused,
    block::{Form, unescape},
};

/// A header longer than this is none.
const LONGEST: usize = 1 << 20;

/// Reads the names of the columns and leaves `input` at the first record.
pub(super) fn read(input: &mut Input, limits: Limits) -> Result<Vec<String>, Refused> {
    let line = first_line(input, limits)?;
    let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
    if std::str::from_utf8(text).is_err() {
        return Err(Refused::new("not_utf8", "the header is not UTF-8; save the file as UTF-8"));
    }
    // The number of fields is not known yet, and a comma in quotes separates none.
    let commas = memchr::memchr_iter(b',', text).count();
    let names = (1..=commas + 1).rev().find_map(|width| names(text, width));
    names.ok_or_else(|| Refused::new("bad_header", "the header has a quote where none may be"))
}

/// The names, if there are exactly `width`.
fn names(text: &[u8], width: usize) -> Option<Vec<String>> {
    let block = Scan::new(text, 1, width, End::Input).into_block(text.to_vec().into());
    let fields = (0..width).map(|column| {
        let span = block.span(0, column);
        let written = block.written(span);
        let text = if span.form == Form::Escaped { unescape(written) } else { written.to_vec() };
        String::from_utf8_lossy(&text).trim().to_owned()
    });
    (block.rows() == 1).then(|| fields.collect())
}

/// The bytes before the first line feed.
fn first_line(input: &mut Input, limits: Limits) -> Result<Vec<u8>, Refused> {
    let mut text = Vec::new();
    let mut size = limits.block;
    loop {
        input.fill(&mut text, size)?;
        if let Some(at) = memchr::memchr(b'\n', &text) {
            input.carry = text.split_off(at + 1);
            input.line = 2;
            return Ok(text);
        }
        if input.ended {
            let empty = text.iter().all(u8::is_ascii_whitespace);
            return if empty { Err(Refused::new("empty", "the file is empty")) } else { Ok(text) };
        }
        if size >= LONGEST {
            return Err(Refused::new("bad_header", "the first line is no header: it does not end"));
        }
        size = LONGEST;
    }
}
