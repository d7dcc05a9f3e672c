//! The official validator of FOCUS files, which `scripts/emulators` brings.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use anyhow::{Context as _, ensure};

use crate::emulators::{self, Skipped};

/// The numbers of the rules of FOCUS 1.2 that a file breaks in its eyes, as in `InvoiceId-C-004`.
///
/// # Errors
///
/// Fails where the validator is missing on this machine.
///
/// # Panics
///
/// Where it cannot judge.
pub fn failures(file: &Path) -> Result<BTreeSet<String>, Skipped> {
    let venv = emulators::part("focus")?.join("venv");
    match judge(&venv, file) {
        Ok(failures) => Ok(failures),
        Err(error) => panic!("the validator does not judge: {error:#}"),
    }
}

fn judge(venv: &Path, file: &Path) -> anyhow::Result<BTreeSet<String>> {
    let folder = tempfile::tempdir()?;
    let report = folder.path().join("report.xml");
    let output = Command::new(venv.join("bin/focus-validator"))
        // It looks for its list of currencies from there, and for newer rules in the network.
        .current_dir(venv.join("lib/python3.12/site-packages"))
        .arg("--block-download")
        .args(["--validate-version", "1.2", "--focus-dataset", "CostAndUsage"])
        .args(["--applicability-criteria", "ALL", "--output-type", "unittest"])
        .arg("--output-destination")
        .arg(&report)
        .arg("--data-file")
        .arg(file)
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let report = fs::read_to_string(&report).with_context(|| said.into_owned())?;
    // Its exit code is 0 whatever it finds.
    let cases: Vec<_> = report.split("<testcase name=\"").skip(1).collect();
    ensure!(cases.len() > 500, "{} cases", cases.len());
    let failed = cases.into_iter().filter(|case| case.contains("<failure"));
    Ok(failed.filter_map(number).collect())
}

/// `InvoiceId-C-004` of `InvoiceId-C-004-C :: Nullability`: the last letter says how strict it is.
fn number(case: &str) -> Option<String> {
    let (name, _) = case.split_once(" ::")?;
    Some(name.rsplit_once('-')?.0.to_owned())
}
