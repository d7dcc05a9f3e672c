//! What `scripts/emulators` brought, and what it could not.

use std::{
    fmt, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    thread,
};

/// An emulator, or another program for tests, that this machine has not.
#[derive(Debug, Clone)]
pub struct Skipped {
    part: &'static str,
    reason: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not here: {}", self.part, self.reason)
    }
}

/// The repository's root.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The folder of a part, where it is there.
///
/// # Errors
///
/// Says why it is not, and what brings it.
pub fn part(part: &'static str) -> Result<PathBuf, Skipped> {
    let folder = root().join(".cache/emulators").join(part);
    if folder.join("ready").exists() {
        return Ok(folder);
    }
    let said = fs::read_to_string(folder.join("skipped"));
    let reason = said.unwrap_or_else(|_| "this brings it: scripts/emulators".to_owned());
    Err(Skipped { part, reason: reason.trim().to_owned() })
}

/// The emulator, or `None` for a test that then is to return: it is skipped, and says so on the
/// terminal by its name.
///
/// # Panics
///
/// Where it is missing although `EMULATORS=required`, as in CI.
pub fn needed<T>(found: Result<T, Skipped>) -> Option<T> {
    let skipped = match found {
        Ok(emulator) => return Some(emulator),
        Err(skipped) => skipped,
    };
    #[expect(clippy::disallowed_methods, reason = "it is about the tests, no setting of ours")]
    let required = std::env::var_os("EMULATORS").is_some_and(|it| it == "required");
    assert!(!required, "{skipped}");
    let thread = thread::current();
    let test = thread.name().unwrap_or("a test");
    // Not by `eprintln!`, which is kept from the terminal while a test passes.
    let _: io::Result<()> = writeln!(io::stderr(), "SKIPPED {test}: {skipped}");
    None
}
