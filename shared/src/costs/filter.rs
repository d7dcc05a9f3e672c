//! Conditions on columns: values are always parameters, never text of a query.

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    costs::Columns,
    warehouse::{ColumnType, ParamValue, Query},
};

/// How many values all filters of a request may have together.
pub const MOST_VALUES: usize = 32;

/// The parameters that values go into.
const NAMES: [&str; MOST_VALUES] = [
    "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12", "f13", "f14",
    "f15", "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23", "f24", "f25", "f26", "f27",
    "f28", "f29", "f30", "f31",
];

/// How a column is compared with the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) enum Match {
    /// It is one of them: `Column=value`.
    Is,
    /// It is none of them, or unknown: `Column!=value`.
    IsNot,
    /// It begins with one of them, taken literally: `Column^=value`.
    Begins,
    /// It contains one of them, taken literally: `Column~=value`.
    Contains,
}

/// A condition that rows must meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Filter {
    column: String,
    kind: Match,
    values: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
enum Value {
    Unknown,
    Text(String),
    Day(Date),
}

/// All conditions of a request, joined by AND.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filters(Vec<Filter>);

impl Filters {
    /// Adds `key=value` of a request, as in `ServiceName!` and `Amazon EC2`. Conditions of one
    /// column and kind are one condition over all their values; an empty value means unknown.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    pub fn add(&mut self, key: &str, value: &str, columns: &Columns) -> Result<(), String> {
        let (name, kind) = split(key);
        let field = columns
            .dimension(name)
            .ok_or("there is no such parameter, and no FOCUS column of this name to filter by")?;
        if self.0.iter().map(|filter| filter.values.len()).sum::<usize>() >= MOST_VALUES {
            return Err(format!("filters have at most {MOST_VALUES} values together"));
        }
        let value = read(value, kind, field.kind)?;
        let same = |filter: &&mut Filter| filter.column == name && filter.kind == kind;
        if let Some(filter) = self.0.iter_mut().find(same) {
            filter.values.push(value);
        } else {
            self.0.push(Filter { column: name.to_owned(), kind, values: vec![value] });
        }
        Ok(())
    }

    /// The columns they look at.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|filter| filter.column.as_str())
    }

    /// Appends them to a query that has these columns.
    #[must_use]
    pub fn apply(&self, mut query: Query) -> Query {
        let mut names = NAMES.into_iter();
        for filter in &self.0 {
            let mut tests = Vec::new();
            for value in &filter.values {
                tests.push(filter.test(value, &mut names, &mut query));
            }
            let any = tests.join(" || ");
            let condition = match filter.kind {
                Match::IsNot if filter.values.contains(&Value::Unknown) => format!("!({any})"),
                Match::IsNot => format!("({} == null) || !({any})", filter.column),
                _ => any,
            };
            query.prql.push_str("filter (");
            query.prql.push_str(&condition);
            query.prql.push_str(")\n");
        }
        query
    }
}

impl Filter {
    fn test(
        &self,
        value: &Value,
        names: &mut impl Iterator<Item = &'static str>,
        query: &mut Query,
    ) -> String {
        let column = &self.column;
        let value = match value {
            Value::Unknown => return format!("({column} == null)"),
            Value::Text(text) => ParamValue::String(text.clone()),
            Value::Day(day) => ParamValue::Date(*day),
        };
        let name = names.next().unwrap_or_default();
        query.params.insert(name, value);
        match self.kind {
            Match::Is => format!("({column} == ${name})"),
            // Unknown is not this value: without the first half it would be neither.
            Match::IsNot => format!("(({column} != null) && ({column} == ${name}))"),
            Match::Begins => format!("(begins ${name} {column})"),
            Match::Contains => format!("(holds ${name} {column})"),
        }
    }
}

/// The name of a column and what comes before the `=`.
fn split(key: &str) -> (&str, Match) {
    let kinds = [("!", Match::IsNot), ("^", Match::Begins), ("~", Match::Contains)];
    kinds
        .into_iter()
        .find_map(|(mark, kind)| key.strip_suffix(mark).map(|name| (name, kind)))
        .unwrap_or((key, Match::Is))
}

fn read(value: &str, kind: Match, column: ColumnType) -> Result<Value, String> {
    let whole = matches!(kind, Match::Is | Match::IsNot);
    if value.is_empty() {
        return if whole { Ok(Value::Unknown) } else { Err("say which text".to_owned()) };
    }
    if column != ColumnType::Date {
        return Ok(Value::Text(value.to_owned()));
    }
    if !whole {
        return Err("a day is only compared with `=` and `!=`".to_owned());
    }
    value.parse().map(Value::Day).map_err(|_| "a day is written as in 2026-01-31".to_owned())
}
