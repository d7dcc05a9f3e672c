//! One block at work: what is wrong with its rows, and texts that are no piece of it.

use std::{borrow::Cow, collections::BTreeMap};

use super::Target;
use crate::ingest::{
    Block, Cell, Reject,
    block::{Form, Span, cut, unescape},
    notices::{Kind, Notices},
};

/// The first thing that is wrong with a row.
#[derive(Debug, Clone)]
pub(in crate::ingest) struct Fault {
    field: Option<String>,
    value: Option<String>,
    reason: String,
}

/// A block being read.
pub(in crate::ingest) struct Work<'a> {
    pub(super) block: &'a Block,
    /// Texts that are no piece of the block: unescaped, canonical, spelled right.
    pub(super) side: Vec<u8>,
    /// By row.
    pub(in crate::ingest) faults: BTreeMap<usize, Fault>,
    pub(in crate::ingest) notices: Notices,
}

impl<'a> Work<'a> {
    pub(in crate::ingest) fn new(block: &'a Block) -> Self {
        let (side, faults) = (Vec::new(), BTreeMap::new());
        Self { block, side, faults, notices: Notices::default() }
    }

    pub(in crate::ingest) fn block(&self) -> &'a Block {
        self.block
    }

    pub(in crate::ingest) fn rows(&self) -> usize {
        self.block.rows()
    }

    /// The text of a field, or `None` where it is unknown. A required one that is unknown is a fault.
    pub(super) fn field(
        &mut self,
        row: usize,
        column: usize,
        target: &Target,
    ) -> Option<(Span, &'a [u8])> {
        let (span, cell) = self.block.cell(row, column);
        match cell {
            Cell::Text(text) => return Some((span, text)),
            Cell::NullWord => {
                let place = || format!("{} in line {}", target.name, self.block.position(row));
                self.notices.add(Kind::NullWord, place);
            }
            Cell::Empty => {}
        }
        if target.required {
            self.fault(row, Some(&target.name), None, format!("{} is missing", target.name));
        }
        None
    }

    /// What another field says in a row that lacks the one of its version.
    pub(super) fn fallback(&mut self, row: usize, target: &Target) -> Option<(Span, &'a [u8])> {
        let fallback = target.fallback?;
        let (span, Cell::Text(text)) = self.block.cell(row, fallback.column) else { return None };
        if fallback.is_mix {
            let block = self.block;
            self.notices.add(Kind::MixedVersions, || sample(block, row, target, text));
        }
        Some((span, text))
    }

    /// Notes what is wrong with a row, unless something is already.
    pub(in crate::ingest) fn fault(
        &mut self,
        row: usize,
        field: Option<&str>,
        value: Option<&[u8]>,
        reason: String,
    ) {
        self.faults.entry(row).or_insert_with(|| Fault {
            field: field.map(str::to_owned),
            value: value.map(|value| cut(&String::from_utf8_lossy(value), 60)),
            reason,
        });
    }

    /// Notes that a value is none of its kind.
    pub(super) fn refuse(&mut self, row: usize, target: &Target, value: &[u8], why: &str) {
        self.fault(row, Some(&target.name), Some(value), format!("{}: {why}", target.name));
    }

    /// The text that a field means, without the quotes that its format needed; a fault where a
    /// quote stands where none may be.
    pub(super) fn meaning(
        &mut self,
        row: usize,
        target: &Target,
        (span, text): (Span, &'a [u8]),
    ) -> Option<Cow<'a, [u8]>> {
        match span.form {
            Form::Stray => {
                self.refuse(row, target, text, "a quote where none may be");
                None
            }
            Form::Escaped => Some(unescape(text).into()),
            Form::Bare => {
                let block = self.block;
                self.notices.add(Kind::QuoteInText, || sample(block, row, target, text));
                Some(text.into())
            }
            Form::Plain | Form::Quoted | Form::Null => Some(text.into()),
        }
    }

    /// The rejected rows of the block, in order of the input.
    pub(in crate::ingest) fn rejects(&self) -> Vec<Reject> {
        let misfits = self.block.misfits.iter().map(|misfit| Reject {
            row_number: misfit.position,
            ordinal: 0,
            reason: misfit.reason.clone(),
            field: None,
            value: None,
            row: misfit.text.clone(),
        });
        let faults = self.faults.iter().map(|(row, fault)| Reject {
            row_number: self.block.position(*row),
            ordinal: 0,
            reason: fault.reason.clone(),
            field: fault.field.clone(),
            value: fault.value.clone(),
            row: self.block.excerpt(*row),
        });
        let mut rejects: Vec<_> = misfits.chain(faults).collect();
        rejects.sort_by_key(|reject| reject.row_number);
        // A record is never cut into two blocks, so all rejects of a number stand together here.
        for at in 1..rejects.len() {
            if rejects[at].row_number == rejects[at - 1].row_number {
                rejects[at].ordinal = rejects[at - 1].ordinal + 1;
            }
        }
        rejects
    }
}

/// A value and where the input has it, for a notice.
pub(super) fn sample(block: &Block, row: usize, target: &Target, value: &[u8]) -> String {
    let value = cut(&String::from_utf8_lossy(value), 60);
    format!("{} {value:?} in line {}", target.name, block.position(row))
}
