//! A text in the place of a file's.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{Result, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Puts a text in the place of a file's: written beside it, then renamed; a file that has further names is written to
/// itself, so that they stay names of one file. Gives why it was left alone, where it may not be written to, or no
/// longer holds what was read.
pub(super) fn replace(path: &Path, old: &str, text: &str) -> Result<Option<&'static str>> {
    let path = std::fs::canonicalize(path)?;
    let metadata = std::fs::metadata(&path)?;
    if metadata.permissions().readonly() {
        return Ok(Some("is read-only"));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    // Where there is no room for it, nothing is touched.
    let mut beside = NamedTempFile::new_in(folder)?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().set_permissions(metadata.permissions())?;
    beside.as_file().sync_all()?;
    if std::fs::read(&path)? != old.as_bytes() {
        return Ok(Some("was changed meanwhile"));
    }
    if names(&metadata) > 1 {
        return within(&path, old, text).map(|()| None);
    }
    beside.persist(&path).map(|_| None).map_err(|e| e.error)
}

/// How many names a file has.
#[cfg(unix)]
fn names(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn names(_: &Metadata) -> u64 {
    1
}

/// Writes to the file itself; where that fails, what it held before.
fn within(path: &Path, old: &str, text: &str) -> Result<()> {
    let write = |text: &str| -> Result<()> {
        let mut file: File = OpenOptions::new().write(true).open(path)?;
        file.write_all(text.as_bytes())?;
        file.set_len(text.len() as u64)?;
        file.sync_all()
    };
    write(text).inspect_err(|_| {
        let _ = write(old);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_several_names_keeps_them() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("a.json"), folder.path().join("b.json"));
        std::fs::write(&one, "a longer text").unwrap();
        std::fs::hard_link(&one, &two).unwrap();
        assert_eq!(replace(&one, "a longer text", "short").unwrap(), None);
        assert_eq!(std::fs::read_to_string(&two).unwrap(), "short");
        assert_eq!(replace(&one, "something else", "x").unwrap(), Some("was changed meanwhile"));
        assert_eq!(std::fs::read_to_string(&one).unwrap(), "short");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside");
    }
}
