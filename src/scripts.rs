//! Scripts of rules, and of policies, from files and folders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fhir_accord_capability::PolicyScript;
use fhir_accord_profiles::script::{Library, ScriptError, Source, limits};

/// Scripts that cannot be used: which, and why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ScriptsError(String);

/// The name that a script's file ends in.
const ENDING: &str = "rhai";

/// Reads and compiles the scripts of these files and folders (walked, in the order of the names); `None` where none are
/// named.
///
/// # Errors
/// [`ScriptsError`] where one cannot be read, a folder holds none, or a script has a fault: with the place of each.
pub fn load(paths: &[PathBuf]) -> Result<Option<Arc<Library>>, ScriptsError> {
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

/// Policies by their names.
pub type PolicyScripts = BTreeMap<String, Arc<PolicyScript>>;

/// Reads and compiles the policies of these files and folders. The name of each is that of its file, without the
/// ending; messages and results name it only by that, since they go to those who may not know the operator's folders.
///
/// # Errors
/// [`ScriptsError`] where one cannot be read, is no script, or has a fault, and where two have the same name.
pub fn policies(paths: &[PathBuf]) -> Result<PolicyScripts, ScriptsError> {
    let mut out = PolicyScripts::new();
    let mut places: BTreeMap<String, PathBuf> = BTreeMap::new();
    for file in paths.iter().map(|p| files(p)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
        let refuse = |why: String| ScriptsError(format!("policy `{}` cannot be used: {why}", file.display()));
        if !is_script(&file) {
            return Err(refuse(format!("expected a .{ENDING} file; policies in JSON are part of the request")));
        }
        let name = file.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some(other) = places.insert(name.clone(), file.clone()) {
            return Err(refuse(format!("`{}` is also named `{name}`; rename one of them", other.display())));
        }
        let script = PolicyScript::compile(&format!("{name}.{ENDING}"), &read(&file)?).map_err(refuse)?;
        out.insert(name, Arc::new(script));
    }
    Ok(out)
}

/// The text of one script.
///
/// # Errors
/// [`ScriptsError`] where it cannot be read, is too large, or no UTF-8.
pub fn read(file: &Path) -> Result<String, ScriptsError> {
    let problem =
        |e: &dyn std::fmt::Display| ScriptsError(format!("script `{}` could not be read: {e}", file.display()));
    let size = std::fs::metadata(file).map_err(|e| problem(&e))?.len();
    if size > limits::SCRIPT as u64 {
        return Err(problem(&format!("larger than {} bytes", limits::SCRIPT)));
    }
    std::fs::read_to_string(file).map_err(|e| problem(&e))
}

/// Scripts that cannot be used, as one error.
pub fn refused(faults: &[ScriptError]) -> ScriptsError {
    let list: Vec<String> = faults.iter().map(ToString::to_string).collect();
    ScriptsError(format!("the scripts cannot be used:\n  {}", list.join("\n  ")))
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|x| x == ENDING)
}

/// A file itself, or the scripts of a folder.
fn files(path: &Path) -> Result<Vec<PathBuf>, ScriptsError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let found: Vec<PathBuf> = walkdir::WalkDir::new(path)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .map(|e| e.into_path())
        .filter(|p| p.is_file() && is_script(p))
        .collect();
    if found.is_empty() {
        return Err(ScriptsError(format!("folder `{}` contains no scripts: expected .{ENDING} files", path.display())));
    }
    Ok(found)
}
