//! Where a guide keeps its resources: what SUSHI writes, what the IG Publisher writes, a package, or any folder.

use std::path::{Path, PathBuf};

/// The folders and single files of a guide that are read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub folders: Vec<PathBuf>,
    pub files: Vec<PathBuf>,
    /// The folder of these whose own folders are left out.
    pub flat: Option<PathBuf>,
}

impl Layout {
    /// That of a folder.
    pub fn of(root: &Path) -> Layout {
        let there = |names: &[&str]| names.iter().map(|n| root.join(n)).filter(|p| p.is_dir()).collect::<Vec<_>>();
        let files = vec![root.join("sushi-config.yaml"), root.join("package.json")];
        if root.join("fsh-generated/resources").is_dir() {
            let folders = there(&["fsh-generated/resources", "input", "tests", "expected"]);
            return Layout { folders, files, flat: None };
        }
        if root.join("output").is_dir() && root.join("input").is_dir() {
            return Layout { folders: there(&["output", "tests", "expected"]), files, flat: Some(root.join("output")) };
        }
        if root.join("package/package.json").is_file() {
            return Layout { folders: there(&["package", "tests", "expected"]), files, flat: None };
        }
        Layout { folders: vec![root.to_owned()], files: vec![root.join("sushi-config.yaml")], flat: None }
    }
}

/// Folders that hold no resources of the guide.
const SKIPPED: [&str; 9] =
    ["node_modules", "temp", "template", "input-cache", "openapi", "other", "includes", "images", "pagecontent"];

/// Whether a folder is passed over.
pub(super) fn is_skipped(folder: &Path) -> bool {
    let name = folder.file_name().map(|n| n.to_string_lossy()).unwrap_or_default();
    name.starts_with('.') || SKIPPED.contains(&&*name)
}
