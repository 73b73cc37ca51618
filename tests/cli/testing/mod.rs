//! `accord test`.

mod expectations;
mod forms;
mod hostile;
mod layouts;
mod score;

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Run, accord, root};

/// A copy of the guide in `examples/`, whose files a test may change.
fn guide() -> TempDir {
    let folder = TempDir::new().unwrap();
    copied(&root().join("examples/guide"), folder.path());
    folder
}

/// Copies what is below a folder into another.
fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (from, to) = {
            let entry = entry.unwrap();
            (entry.path(), to.join(entry.file_name()))
        };
        if from.is_dir() { copied(&from, &to) } else { assert!(std::fs::copy(from, to).is_ok()) }
    }
}

/// Tests a guide.
fn tested(folder: &TempDir, options: &[&str]) -> Run {
    let path = folder.path().to_string_lossy().into_owned();
    accord(&[&["test", path.as_str()], options].concat())
}

/// Writes a file of a guide.
fn put(folder: &TempDir, name: &str, text: impl AsRef<[u8]>) {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// The text of a file of a guide.
fn text(folder: &TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).unwrap()
}

/// A pupil, as the guide has them, with these changes; `null` takes a member out.
fn pupil(changes: Value) -> String {
    let mut pupil = json!({
        "resourceType": "Patient", "id": "nils",
        "meta": {"profile": ["https://accord.example/school/StructureDefinition/pupil"]},
        "extension": [{"url": "https://accord.example/school/StructureDefinition/school-class", "valueString": "2a"}],
        "identifier": [{"system": "https://accord.example/school/pupil-number", "value": "1"}],
        "name": [{"family": "Holm", "given": ["Nils"]}], "birthDate": "2015-02-03"});
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(pupil.as_object_mut().unwrap().shift_remove(name)),
            value => pupil[name] = value.clone(),
        }
    }
    pupil.to_string()
}

/// The result of an instance of this name in a report.
fn result<'r>(report: &'r Value, name: &str) -> &'r str {
    let all = report["instances"].as_array().unwrap();
    let found = all.iter().find(|i| i["name"].as_str().unwrap().ends_with(name));
    found.unwrap_or_else(|| panic!("no instance {name}"))["result"].as_str().unwrap()
}
