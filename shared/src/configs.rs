//! The files of `configs/`: built into every program, or read from a folder.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context as _;
use include_dir::{Dir, DirEntry, include_dir};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../configs");

/// Config files by path below `configs/`, as in `system/plans.yml`.
#[derive(Debug, Clone, Default)]
pub struct Configs {
    files: BTreeMap<String, String>,
}

impl Configs {
    /// The files this program was built with.
    #[must_use]
    pub fn embedded() -> Self {
        let mut files = BTreeMap::new();
        collect(&EMBEDDED, &mut files);
        Self { files }
    }

    /// The files of a folder (`CONFIG_DIR`).
    ///
    /// # Errors
    ///
    /// Fails where a file cannot be read or is not UTF-8.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut files = BTreeMap::new();
        read_into(folder, "", &mut files)?;
        Ok(Self { files })
    }

    /// From texts by path, for tests.
    #[must_use]
    pub fn of(files: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { files: files.into_iter().collect() }
    }

    /// The text of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Every file below a folder, as in `setup/bootstrap/schemas/`, with its whole path.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

fn collect(folder: &Dir<'_>, files: &mut BTreeMap<String, String>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(folder) => collect(folder, files),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().into_owned();
                files.insert(path, file.contents_utf8().unwrap_or_default().to_owned());
            }
        }
    }
}

fn read_into(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, String>,
) -> anyhow::Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_into(&entry.path(), &format!("{path}/"), files)?;
        } else {
            let text = std::fs::read_to_string(entry.path())
                .with_context(|| format!("cannot read {}", entry.path().display()))?;
            files.insert(path, text);
        }
    }
    Ok(())
}
