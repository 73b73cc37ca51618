//! The documents of the project: README.md and its neighbours, and the pages in docs/.

use std::fs;
use std::path::{Path, PathBuf};

/// A document, with its path from the project's folder.
#[derive(Debug)]
pub struct Page {
    pub path: String,
    pub text: String,
}

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether generated files are written anew.
pub fn bless() -> bool {
    std::env::var_os("ACCORD_BLESS").is_some()
}

fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten().map(|e| e.path()) {
        if entry.is_dir() {
            walk(&entry, out);
        } else if entry.extension().is_some_and(|e| e == "md") {
            out.push(entry);
        }
    }
}

/// All documents, in the order of their paths.
pub fn pages() -> Vec<Page> {
    let mut files: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md"].iter().map(|name| root().join(name)).collect();
    walk(&root().join("docs"), &mut files);
    files.sort();
    files
        .into_iter()
        .map(|file| Page {
            path: file.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"),
            text: fs::read_to_string(&file).unwrap().replace("\r\n", "\n"),
        })
        .collect()
}

/// Fails where a generated file is not what it should be; with `ACCORD_BLESS` it is written.
pub fn is_fresh(path: &str, wanted: &str) {
    let file = root().join(path);
    if bless() {
        fs::write(&file, wanted).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == wanted, "{path} is stale: run `just bless`, or ACCORD_BLESS=1 cargo test --test documents");
}
