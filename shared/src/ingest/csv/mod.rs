//! CSV as RFC 4180 has it, read exactly: a quote opens a field only where the field begins.

mod header;
mod scan;

use std::{
    io::Read,
    sync::{Mutex, PoisonError},
};

use arrow::buffer::Buffer;

use self::scan::{End, Scan};
use super::{Block, Blocks, Limits, Refused, names};

/// A CSV file with a header.
pub(super) struct Csv {
    columns: Vec<String>,
    limits: Limits,
    input: Mutex<Input>,
}

struct Input {
    read: Box<dyn Read + Send>,
    /// What was read and belongs to the next block.
    carry: Vec<u8>,
    /// The line that `carry` begins in.
    line: u64,
    ended: bool,
}

impl Csv {
    /// Reads the header.
    pub(super) fn new(read: Box<dyn Read + Send>, limits: Limits) -> Result<Self, Refused> {
        let mut input = Input { read, carry: Vec::new(), line: 1, ended: false };
        let columns = names::columns(header::read(&mut input, limits)?)?;
        Ok(Self { columns, limits, input: Mutex::new(input) })
    }
}

impl Blocks for Csv {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&self) -> Result<Option<Block>, Refused> {
        let cut = {
            let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
            input.cut(self.limits, self.columns.len())?
        };
        let Some((text, scan)) = cut else { return Ok(None) };
        if let Err(error) = std::str::from_utf8(&text) {
            let line = scan.first_line
                + memchr::memchr_iter(b'\n', &text[..error.valid_up_to()]).count() as u64;
            return Err(Refused::new("not_utf8", format!("line {line} is not UTF-8")));
        }
        Ok(Some(scan.into_block(Buffer::from_vec(text))))
    }
}

impl Input {
    /// Whole records, at least one, and where their fields stand.
    fn cut(&mut self, limits: Limits, width: usize) -> Result<Option<(Vec<u8>, Scan)>, Refused> {
        let mut size = limits.block.max(self.carry.len() + 1);
        let mut text = std::mem::take(&mut self.carry);
        loop {
            self.fill(&mut text, size)?;
            if text.is_empty() {
                return Ok(None);
            }
            let end = match self.ended {
                true => End::Input,
                false if size >= limits.record => End::Record,
                false => End::Piece,
            };
            let scan = Scan::new(&text, self.line, width, end);
            if self.ended || scan.taken > 0 {
                self.carry = text.split_off(scan.taken);
                self.line = scan.next_line;
                return Ok(Some((text, scan)));
            }
            if size >= limits.record {
                return Err(Refused::new(
                    "record_too_long",
                    format!(
                        "the record that begins in line {} is longer than {}; is a quote never closed?",
                        self.line,
                        limits.longest()
                    ),
                ));
            }
            size = (size * 2).min(limits.record);
        }
    }

    /// Reads until `text` has `size` bytes, or to the end.
    fn fill(&mut self, text: &mut Vec<u8>, size: usize) -> Result<(), Refused> {
        let wanted = size.saturating_sub(text.len());
        if self.ended || wanted == 0 {
            return Ok(());
        }
        text.reserve_exact(wanted);
        let read = (&mut self.read).take(wanted as u64).read_to_end(text);
        self.ended = read.map_err(|error| Refused::unreadable(&error))? < wanted;
        Ok(())
    }
}
