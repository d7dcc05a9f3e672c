//! Values of a list.

use std::collections::HashMap;

/// The values that a column may have.
#[derive(Debug)]
pub(in crate::ingest) struct Choices {
    values: Vec<String>,
    /// Which value a spelling means: letters and digits only, in lowercase.
    spellings: HashMap<Vec<u8>, usize>,
}

impl Choices {
    pub(in crate::ingest) fn new(values: &[String]) -> Self {
        let spelled = values.iter().enumerate();
        let spellings = spelled.map(|(at, value)| (spelling(value.as_bytes()), at)).collect();
        Self { values: values.to_vec(), spellings }
    }

    /// The value that is meant, where it is written otherwise; `None` where it is written as it
    /// should be, or where no value is meant.
    pub(super) fn recognize(&self, text: &[u8]) -> Option<&str> {
        if self.values.iter().any(|value| value.as_bytes() == text) {
            return None;
        }
        self.spellings.get(&spelling(text)).map(|at| self.values[*at].as_str())
    }
}

fn spelling(text: &[u8]) -> Vec<u8> {
    let letters = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
    letters.map(u8::to_ascii_lowercase).collect()
}
