//! Tables for people.

use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table, presets};

use super::amount::aligned;

/// How long a line of words is at most.
const LINE: usize = 84;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column<'a> {
    /// Text, from the left.
    Text(&'a str),
    /// Whole numbers, from the right.
    Count(&'a str),
    /// Amounts, with their points below each other.
    Amount(&'a str),
}

/// A table without boxes: a header, a rule, the rows.
pub(crate) fn table(columns: &[Column<'_>], mut rows: Vec<Vec<String>>) -> String {
    for (index, column) in columns.iter().enumerate() {
        if matches!(column, Column::Amount(_)) {
            align(&mut rows, index);
        }
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if !console::colors_enabled() {
        table.force_no_tty();
    }
    table.set_header(columns.iter().map(|column| {
        Cell::new(column.name()).add_attribute(Attribute::Bold).set_alignment(column.alignment())
    }));
    let ruler = rulers(columns, &rows);
    table.add_row(ruler);
    for row in rows {
        table.add_row(
            row.into_iter()
                .zip(columns)
                .map(|(text, column)| Cell::new(text).set_alignment(column.alignment())),
        );
    }
    table.lines().map(|line| format!(" {}\n", line.trim_end())).collect::<Vec<_>>().concat()
}

/// Words one after the other, in lines that fit a terminal, indented.
pub(crate) fn wrapped(words: &[&str]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < LINE => {
                line.push_str("  ");
                line.push_str(word);
            }
            _ => lines.push(format!("     {word}")),
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect::<Vec<_>>().concat()
}

impl<'a> Column<'a> {
    fn name(self) -> &'a str {
        match self {
            Self::Text(name) | Self::Count(name) | Self::Amount(name) => name,
        }
    }

    fn alignment(self) -> CellAlignment {
        match self {
            Self::Text(_) => CellAlignment::Left,
            Self::Count(_) | Self::Amount(_) => CellAlignment::Right,
        }
    }
}

fn align(rows: &mut [Vec<String>], index: usize) {
    let mut cells: Vec<String> =
        rows.iter_mut().filter_map(|row| row.get_mut(index)).map(std::mem::take).collect();
    aligned(&mut cells);
    for (row, cell) in rows.iter_mut().filter(|row| row.len() > index).zip(cells) {
        row[index] = cell;
    }
}

/// The line below the header: each column as wide as its widest cell.
fn rulers(columns: &[Column<'_>], rows: &[Vec<String>]) -> Vec<String> {
    let width = |index: usize, column: &Column<'_>| {
        let cells = rows.iter().filter_map(|row| row.get(index));
        let widest = cells.map(|cell| console::measure_text_width(cell)).max();
        widest.unwrap_or_default().max(column.name().len())
    };
    columns.iter().enumerate().map(|(index, column)| "─".repeat(width(index, column))).collect()
}
