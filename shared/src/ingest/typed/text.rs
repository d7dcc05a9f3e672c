//! Texts, currencies and JSON.

use std::collections::HashMap;

use super::{Column, Target, Work, choice::Choices};
use crate::ingest::notices::Kind;

impl Work<'_> {
    pub(super) fn text(&mut self, target: &Target, column: usize) -> Column {
        let rows = self.rows();
        let (mut views, mut valid) = (vec![0; rows], vec![false; rows]);
        for row in 0..rows {
            let Some(field) = self.field(row, column, target) else { continue };
            let Some(text) = self.meaning(row, target, field) else { continue };
            views[row] = match text {
                std::borrow::Cow::Borrowed(text) => Self::piece(field.0, text),
                std::borrow::Cow::Owned(text) => self.aside(&text),
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
                    let sample = self.sample(row, target, &text);
                    self.notices.add(Kind::Spelling, || sample);
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
                let sample = self.sample(row, target, text);
                self.notices.add(Kind::CurrencyInLowercase, || sample);
                self.aside(&text.to_ascii_uppercase())
            };
        }
        Column::views(views, &valid)
    }

    pub(super) fn json(&mut self, target: &Target, column: usize) -> Column {
        let rows = self.rows();
        let (mut views, mut valid) = (vec![0; rows], vec![false; rows]);
        // The same JSON stands in many rows; it is made canonical once a block.
        let mut known: HashMap<&[u8], u128> = HashMap::new();
        for row in 0..rows {
            let Some(field) = self.field(row, column, target) else { continue };
            let Some(text) = self.meaning(row, target, field) else { continue };
            valid[row] = true;
            views[row] = if let Some(view) = known.get(field.1) {
                *view
            } else {
                let (json, is_json) = canonical(&text);
                if !is_json {
                    let sample = self.sample(row, target, &text);
                    self.notices.add(Kind::JsonKeptAsText, || sample);
                }
                let view = self.aside(json.as_bytes());
                known.insert(field.1, view);
                view
            };
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
