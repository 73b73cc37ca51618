//! A file put in its place once it is whole.

use std::fs::File;
use std::io::{Error, ErrorKind, Write};
use std::path::Path;

use tempfile::Builder;

/// Waits until no other run reads and writes a file of this folder in one go, and keeps others waiting until it is
/// dropped; `None` where the system has no such locks for folders.
pub(super) fn alone(path: &Path) -> Option<File> {
    let folder = folder(path);
    let handle = File::open(folder).ok()?;
    handle.lock().ok().map(|()| handle)
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file beside its place, and renames it. Of two that write at once, one wins, whole.
///
/// # Errors
/// What the system says; what was there is as it was.
pub(super) fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let there = std::fs::metadata(&place).ok();
    if there.as_ref().is_some_and(|m| !m.is_file()) {
        return Err(Error::other("it is no regular file"));
    }
    // A rename would not ask.
    if there.as_ref().is_some_and(|m| m.permissions().readonly()) {
        return Err(Error::new(ErrorKind::PermissionDenied, "it is read-only"));
    }
    let mut builder = Builder::new();
    builder.prefix(".accord-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder(&place))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    if let Some(there) = there {
        file.as_file().set_permissions(there.permissions())?;
    }
    file.persist(&place).map(drop).map_err(|e| e.error)
}
