//! From PRQL text to SQL text whose parameters are still `$name`.

use std::fmt::Write as _;

use prqlc::{
    ErrorMessages, Options, Target,
    lr::{Literal, TokenKind},
    sql::Dialect as Sql,
};

use super::Dialect;

const PRELUDE: &str = include_str!("prelude.prql");
const PRELUDE_DUCKDB: &str = include_str!("prelude_duckdb.prql");
const PRELUDE_BIGQUERY: &str = include_str!("prelude_bigquery.prql");

pub(super) fn compile(prql: &str, dialect: Dialect) -> Result<String, String> {
    check_tokens(prql)?;
    let (own, target) = match dialect {
        Dialect::DuckDb => (PRELUDE_DUCKDB, Sql::DuckDb),
        Dialect::BigQuery => (PRELUDE_BIGQUERY, Sql::BigQuery),
    };
    let prelude = format!("{PRELUDE}\n{own}\n");
    let options = Options::default().no_signature().with_target(Target::Sql(Some(target)));
    prqlc::compile(&format!("{prelude}{prql}"), &options.no_format())
        .map_err(|errors| explain(errors, prelude.lines().count()))
}

/// What the dialects read differently is refused: `\` and quotes in literals, and floating point,
/// which BigQuery would make of `0.5` and both would make of `/`.
fn check_tokens(prql: &str) -> Result<(), String> {
    let tokens = prqlc::prql_to_tokens(prql).map_err(|errors| explain(errors, 0))?;
    for token in tokens.0 {
        match token.kind {
            TokenKind::Literal(Literal::String(text) | Literal::RawString(text))
                if text.contains(['\'', '\\']) =>
            {
                return Err(format!("the literal \"{text}\" needs quoting: make it a parameter"));
            }
            TokenKind::Literal(Literal::Float(number)) => {
                return Err(format!("`{number}` is floating point: make it a decimal parameter"));
            }
            TokenKind::Control('/') => {
                return Err("`/` is floating point: amounts are added, compared and scaled".into());
            }
            _ => {}
        }
    }
    Ok(())
}

/// PRQL's own messages, with lines counted in the query alone.
fn explain(errors: ErrorMessages, prelude_lines: usize) -> String {
    let mut message = String::new();
    for error in errors.inner {
        if !message.is_empty() {
            message.push_str("; ");
        }
        message.push_str(error.reason.trim());
        // A text that ends too early has no place.
        if let Some(at) = error.location.filter(|at| at.start.0 >= prelude_lines) {
            let line = at.start.0 + 1 - prelude_lines;
            let _ = write!(message, " (line {line}, column {})", at.start.1 + 1);
        }
        for hint in &error.hints {
            let _ = write!(message, ", hint: {hint}");
        }
    }
    message
}
