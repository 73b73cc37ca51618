//! A file put in its place once it is whole.

use std::io::{Error, Write};
use std::path::Path;

use tempfile::Builder;

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
    let folder = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".accord-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    if let Some(there) = there {
        file.as_file().set_permissions(there.permissions())?;
    }
    file.persist(&place).map(drop).map_err(|e| e.error)
}
