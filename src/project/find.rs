//! Where the settings of a project are: in a folder, or the nearest one above it, up to the root of the file system, as
//! with the files of Cargo and Ruff.

use std::path::{Path, PathBuf};

use super::fault::ProjectError;

/// The name of the file.
pub const PROJECT_FILE: &str = "accord.toml";

/// The nearest `accord.toml` in `start` and the folders above it; `None` where there is none.
///
/// # Errors
/// [`ProjectError`] where something of that name is there that is no file.
pub fn find(start: &Path) -> Result<Option<PathBuf>, ProjectError> {
    for folder in start.ancestors() {
        let path = folder.join(PROJECT_FILE);
        // A folder that may not be looked into has none for this user.
        let Ok(found) = std::fs::symlink_metadata(&path) else { continue };
        let is_file = std::fs::metadata(&path).map(|m| m.is_file());
        return match is_file {
            Ok(true) => Ok(Some(path)),
            Ok(false) => Err(ProjectError::at(&path, 0, what(found.is_dir()))),
            Err(e) => Err(ProjectError::at(&path, 0, &format!("could not be read: {e}"))),
        };
    }
    Ok(None)
}

fn what(is_folder: bool) -> &'static str {
    match is_folder {
        true => "it is a folder, and a file with settings is expected under this name; rename it, or give --no-config",
        false => "it is no regular file, and one with settings is expected under this name; give --no-config",
    }
}

#[cfg(test)]
#[path = "find_tests.rs"]
mod tests;
