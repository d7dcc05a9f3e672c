//! SQL text cut where its parameters are, so that binding never looks inside literals.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Dialect,
    params::{Bound, placeholder},
};
use crate::warehouse::ParamValue;

/// SQL in pieces.
#[derive(Debug)]
pub(super) struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Param(String),
}

impl Template {
    /// Finds every `$name` outside literals, quoted names and comments.
    pub(super) fn parse(sql: &str, dialect: Dialect) -> Self {
        let (mut pieces, mut text, mut rest) = (Vec::new(), String::new(), sql);
        while let Some(first) = rest.chars().next() {
            let (len, param) = token(rest, first, dialect);
            let (head, tail) = rest.split_at(len);
            if param {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(Piece::Param(head[1..].to_owned()));
            } else {
                text.push_str(head);
            }
            rest = tail;
        }
        pieces.push(Piece::Text(text));
        Self { pieces }
    }

    /// The parameters, each once, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let names: BTreeSet<&str> = self.pieces.iter().filter_map(Piece::name).collect();
        names.into_iter()
    }

    /// The SQL for parameters of the types given.
    pub(super) fn bind(
        &self,
        params: &BTreeMap<&'static str, ParamValue>,
        dialect: Dialect,
    ) -> Result<Bound, String> {
        let names: Vec<&str> = self.names().collect();
        check(&names, params)?;
        let mut sql = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => sql.push_str(text),
                Piece::Param(name) => {
                    let at = names.iter().position(|known| known == name).unwrap_or_default();
                    sql.push_str(&placeholder(dialect, name, at + 1, params[name.as_str()].kind()));
                }
            }
        }
        let value = |name: &str| (name.to_owned(), params[name].clone());
        Ok(Bound { sql, params: names.into_iter().map(value).collect() })
    }
}

impl Piece {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Param(name) => Some(name),
            Self::Text(_) => None,
        }
    }
}

/// Every parameter without a value and every value without a parameter, in one message.
fn check(names: &[&str], params: &BTreeMap<&'static str, ParamValue>) -> Result<(), String> {
    let missing = names.iter().filter(|name| !params.contains_key(**name));
    let unknown = params.keys().filter(|name| !names.contains(*name));
    let problems: Vec<String> = missing
        .map(|name| format!("parameter `{name}` has no value"))
        .chain(unknown.map(|name| format!("parameter `{name}` is not in the text")))
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.join("; ")) }
}

/// How long the token at the start of `text` is in bytes, and whether it is a parameter.
fn token(text: &str, first: char, dialect: Dialect) -> (usize, bool) {
    match first {
        '\'' => (quoted(text, '\'', dialect), false),
        '"' => (quoted(text, '"', dialect), false),
        '`' => (quoted(text, '`', dialect), false),
        '-' if text.starts_with("--") => (text.find('\n').unwrap_or(text.len()), false),
        '/' if text.starts_with("/*") => (text.find("*/").map_or(text.len(), |end| end + 2), false),
        '$' => {
            let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = text[1..].find(|c| !name(c)).map_or(text.len(), |at| at + 1);
            (end, end > 1)
        }
        other => (other.len_utf8(), false),
    }
}

/// The length of a quoted token: a doubled quote is two tokens, which comes to the same.
fn quoted(text: &str, quote: char, dialect: Dialect) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' && dialect == Dialect::BigQuery {
            escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}
