//! Records, block by block.

use super::{Block, Refused};

/// An input as blocks of whole records. Several threads may call it at once.
pub trait Blocks: Send + Sync {
    /// The names of the columns, as the input has them.
    fn columns(&self) -> &[String];

    /// Whether the input itself shows a column. A format without header has every column that a
    /// reader expects, shown or not.
    fn shows(&self, column: usize) -> bool {
        column < self.columns().len()
    }

    /// A column whose value is an object of further members, where the format has such.
    fn rest(&self) -> Option<usize> {
        None
    }

    /// The next block, for one thread alone in the order of the input; `None` at the end.
    ///
    /// # Errors
    ///
    /// Fails where the input cannot be read on.
    fn next(&self) -> Result<Option<Block>, Refused>;
}

/// How much is read at a time, and how long a record may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a block.
    pub block: usize,
    /// Bytes of a record, so that an endless line cannot fill the memory.
    pub record: usize,
}

impl Limits {
    /// How long a record may be, for people.
    pub(super) fn longest(self) -> String {
        match self.record >> 20 {
            0 => format!("{} bytes", self.record),
            mebibytes => format!("{mebibytes} MiB"),
        }
    }
}

impl Default for Limits {
    /// Blocks of 1 MiB stay in a core's cache; no FOCUS record comes near 16 MiB.
    fn default() -> Self {
        Self { block: 1 << 20, record: 16 << 20 }
    }
}
