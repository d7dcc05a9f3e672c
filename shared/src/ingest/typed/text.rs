//! Texts, currencies and JSON.

use std::{borrow::Cow, collections::HashMap};

use super::{Column, Target, Work, choice::Choices, work::sample};
use crate::ingest::{block::Form, notices::Kind};

impl Work<'_> {
    pub(super) fn text(&mut self, target: &Target, column: usize) -> Column {
        let rows = self.rows();
        let (mut views, mut valid) = (vec![0; rows], vec![false; rows]);
        for row in 0..rows {
            let field = self.field(row, column, target);
            let Some(field) = field.or_else(|| self.fallback(row, target)) else { continue };
            let Some(text) = self.meaning(row, target, field) else { continue };
            views[row] = match text {
                Cow::Borrowed(text) => Self::piece(field.0, text),
                Cow::Owned(text) => self.aside(&text),
            };
            valid[row] = true;
        }
        Column::views(views, &valid)
    }

    pub(super) fn choice(&mut self, target: &Target, column: usize, choices: &Choices) -> Column {
        let rows = self.rows();
        let (mut views, mut valid) = (vec![0; rows], vec![false; rows]);
        for row in 0..rows {
            let Some(field) = self.field(row, column, target) else { continue };
            let Some(text) = self.meaning(row, target, field) else { continue };
            valid[row] = true;
            views[row] = match choices.recognize(&text) {
                Some(value) => {
                    let sample = || sample(self.block, row, target, &text);
                    self.notices.add(Kind::Spelling, sample);
                    self.aside(value.as_bytes())
                }
                None if text.len() == field.1.len() => Self::piece(field.0, &text),
                None => self.aside(&text),
            };
        }
        Column::views(views, &valid)
    }

    pub(super) fn currency(&mut self, target: &Target, column: usize) -> Column {
        let rows = self.rows();
        let (mut views, mut valid) = (vec![0; rows], vec![false; rows]);
        for row in 0..rows {
            let Some((span, text)) = self.field(row, column, target) else { continue };
            if !is_currency(text) {
                self.refuse(row, target, text, "not an ISO 4217 currency code, as in USD");
                continue;
            }
            valid[row] = true;
            views[row] = if text.iter().all(u8::is_ascii_uppercase) {
                Self::piece(span, text)
            } else {
                let sample = || sample(self.block, row, target, text);
                self.notices.add(Kind::CurrencyInLowercase, sample);
                self.aside(&text.to_ascii_uppercase())
            };
        }
        Column::views(views, &valid)
    }

    pub(super) fn json(&mut self, target: &Target, column: usize) -> Column {
        let rows = self.rows();
        let (mut views, mut valid) = (vec![0; rows], vec![false; rows]);
        // The same JSON stands in many rows; it is made canonical once a block.
        let mut known: HashMap<(Form, &[u8]), u128> = HashMap::new();
        for row in 0..rows {
            let Some(field) = self.field(row, column, target) else { continue };
            if let Some(view) = known.get(&(field.0.form, field.1)) {
                (views[row], valid[row]) = (*view, true);
                continue;
            }
            let Some(text) = self.meaning(row, target, field) else { continue };
            let (json, is_json) = canonical(&text);
            let view = self.aside(json.as_bytes());
            if is_json {
                known.insert((field.0.form, field.1), view);
            } else {
                let sample = || sample(self.block, row, target, &text);
                self.notices.add(Kind::JsonKeptAsText, sample);
            }
            (views[row], valid[row]) = (view, true);
        }
        Column::views(views, &valid)
    }
}

/// JSON with sorted keys and no spaces (a text that is none as a JSON text), and whether it was JSON.
fn canonical(text: &[u8]) -> (String, bool) {
    match serde_json::from_slice::<serde_json::Value>(text) {
        Ok(value) => (value.to_string(), true),
        Err(_) => (serde_json::Value::from(String::from_utf8_lossy(text)).to_string(), false),
    }
}

/// Whether a text is a code of ISO 4217, in any case.
fn is_currency(text: &[u8]) -> bool {
    let Ok(code) = <[u8; 3]>::try_from(text) else { return false };
    let code = code.map(|byte| byte.to_ascii_uppercase());
    let known =
        |code: &[u8]| std::str::from_utf8(code).ok().and_then(iso_currency::Currency::from_code);
    matches!(&code, b"USD" | b"EUR") || known(&code).is_some()
}
