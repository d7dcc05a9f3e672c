//! Google's own analyzer of SQL, asked through the program of `tests/sqlcheck`.

use std::{
    collections::BTreeMap,
    io::Write as _,
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};
use convergence::warehouse::Field;
use serde::{Deserialize, Serialize};

use crate::emulators::{self, Skipped};

/// A table under every name that statements use for it.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// `costs`, or `project.dataset.costs`.
    pub names: Vec<String>,
    /// Its columns.
    pub fields: Vec<Field>,
}

/// A statement as it is sent.
#[derive(Debug, Clone, Serialize)]
pub struct Statement {
    /// What it is called in what fails.
    pub name: String,
    /// The text.
    pub sql: String,
    /// The types of its `@name`s, as in `DATE` and `ARRAY<STRING>`.
    pub parameters: BTreeMap<String, String>,
}

/// What the analyzer says of a statement.
#[derive(Debug, Clone, Deserialize)]
pub struct Verdict {
    /// The statement's name.
    pub name: String,
    /// Why it is refused, with line and column.
    #[serde(default)]
    pub error: Option<String>,
    /// The columns that it reads of each table.
    #[serde(default)]
    pub reads: BTreeMap<String, Vec<String>>,
    /// The columns of each table that every scan of it compares with constants: partitions are pruned
    /// by these. What is only written to is not scanned.
    #[serde(default)]
    pub filters: BTreeMap<String, Vec<String>>,
}

/// What the analyzer says of every statement, in their order.
///
/// # Errors
///
/// Fails where the analyzer is missing on this machine.
///
/// # Panics
///
/// Where it cannot judge: a type that it does not know, say.
pub fn judge(tables: &[Table], statements: &[Statement]) -> Result<Vec<Verdict>, Skipped> {
    let program = emulators::part("sqlcheck")?.join("sqlcheck");
    match ask(Command::new(program), tables, statements) {
        Ok(verdicts) => Ok(verdicts),
        Err(error) => panic!("the analyzer does not judge: {error:#}"),
    }
}

fn ask(
    mut program: Command,
    tables: &[Table],
    statements: &[Statement],
) -> anyhow::Result<Vec<Verdict>> {
    #[derive(Serialize)]
    struct Request<'a> {
        tables: &'a [Table],
        statements: &'a [Statement],
    }
    let request = serde_json::to_vec(&Request { tables, statements })?;
    let mut running = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    // It reads all before it writes anything.
    running.stdin.take().context("no standard input")?.write_all(&request)?;
    let output = running.wait_with_output()?;
    ensure!(output.status.success(), "{}", output.status);
    let verdicts: Vec<Verdict> = serde_json::from_slice(&output.stdout)?;
    ensure!(verdicts.len() == statements.len(), "{} verdicts", verdicts.len());
    Ok(verdicts)
}
