//! Terminology that users hold: imported, listed, removed, and found again by validation.

mod faults;
mod formats;
mod validate;

use tempfile::TempDir;

use crate::support::{Run, accord, path};

/// Imports paths into a folder.
fn import(into: &TempDir, arguments: &[&str]) -> Run {
    let folder = into.path().to_string_lossy().into_owned();
    accord(&[&["terminology", "import", "--terminology", &folder][..], arguments].concat())
}

/// What a folder has, as JSON.
fn list(of: &TempDir) -> Vec<serde_json::Value> {
    let folder = of.path().to_string_lossy().into_owned();
    let run = accord(&["terminology", "list", "--terminology", &folder, "--format", "json"]).ended(0);
    run.json().as_array().unwrap().clone()
}

/// Writes files into a folder; gives its path.
fn written(files: &[(String, String)]) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let place = folder.path().to_string_lossy().into_owned();
    (folder, place)
}

/// The path of the one code set in a folder.
fn only(folder: &TempDir) -> String {
    let [one] = list(folder).try_into().unwrap();
    assert!(one["place"].as_str().unwrap().starts_with(&path(folder, "")));
    one["place"].as_str().unwrap().to_owned()
}
