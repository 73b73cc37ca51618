//! Scripts of rules from files and folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fhir_accord_profiles::script::{Library, ScriptError, Source, limits};

use crate::app::AppError;

/// The name that a script's file ends in.
const ENDING: &str = "rhai";

/// Reads and compiles the scripts of these files and folders (walked, in the order of the names); `None` where none are named.
///
/// # Errors
/// [`AppError::File`] where one cannot be read, a folder holds none, or a script has a fault: with the place of each.
pub fn load(paths: &[PathBuf]) -> Result<Option<Arc<Library>>, AppError> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut sources = Vec::new();
    for path in paths {
        for file in files(path)? {
            sources.push(Source { file: file.display().to_string(), text: read(&file)? });
        }
    }
    Library::load(&sources).map(|l| Some(Arc::new(l))).map_err(|faults| refused(&faults))
}

/// The text of one script.
///
/// # Errors
/// [`AppError::File`] where it cannot be read, is too large, or no UTF-8.
pub fn read(file: &Path) -> Result<String, AppError> {
    let problem = |e: &dyn std::fmt::Display| AppError::File(format!("the script `{}` cannot be read: {e}", file.display()));
    let size = std::fs::metadata(file).map_err(|e| problem(&e))?.len();
    if size > limits::SCRIPT as u64 {
        return Err(problem(&format!("it is larger than {} bytes", limits::SCRIPT)));
    }
    std::fs::read_to_string(file).map_err(|e| problem(&e))
}

/// Scripts that cannot be used, as one error.
pub fn refused(faults: &[ScriptError]) -> AppError {
    let list: Vec<String> = faults.iter().map(ToString::to_string).collect();
    AppError::File(format!("the scripts cannot be used:\n  {}", list.join("\n  ")))
}

/// A file itself, or the scripts of a folder.
fn files(path: &Path) -> Result<Vec<PathBuf>, AppError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let is_script = |p: &Path| p.extension().is_some_and(|x| x == ENDING);
    let found: Vec<PathBuf> = walkdir::WalkDir::new(path).sort_by_file_name().into_iter().filter_map(Result::ok).map(|e| e.into_path()).filter(|p| p.is_file() && is_script(p)).collect();
    if found.is_empty() {
        return Err(AppError::File(format!("the folder `{}` holds no script: wanted are .{ENDING} files", path.display())));
    }
    Ok(found)
}
