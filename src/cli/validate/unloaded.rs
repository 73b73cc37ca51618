//! A hint at definitions that lie among the inputs and were not loaded.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// How many entries of a folder are looked at.
const LOOKED_AT: usize = 10_000;

/// What to say where a profile was not loaded and one of these folders has StructureDefinitions, by the names that
/// SUSHI and the IG Publisher give them; `None` where none has, or it is among the packages already.
pub(super) fn hint(inputs: &[PathBuf], packages: &[String]) -> Option<String> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let loaded: Vec<PathBuf> = packages.iter().filter_map(|p| real(Path::new(p))).collect();
    let is_new = |folder: &&PathBuf| real(folder).is_some_and(|folder| !loaded.contains(&folder));
    let folder = inputs.iter().filter(|path| path.is_dir()).filter(is_new).find(|folder| has_profiles(folder))?;
    let shown = folder.display();
    let option = if folder.is_absolute() || folder.starts_with(".") || folder.starts_with("..") {
        shown.to_string()
    } else {
        format!("./{shown}")
    };
    Some(format!("`{shown}` has StructureDefinitions, which are inputs here; --package {option} loads them as well"))
}

fn has_profiles(folder: &Path) -> bool {
    WalkDir::new(folder).into_iter().take(LOOKED_AT).flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy();
        name.starts_with("StructureDefinition-") && name.ends_with(".json")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_profiles_that_is_not_loaded_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::create_dir(&path).unwrap();
        let inputs = [folder.path().join("none"), path.clone()];
        assert_eq!(hint(&inputs, &[]), None);
        std::fs::write(path.join("StructureDefinition-x.json"), "{}").unwrap();
        let option = format!("--package {}", path.display());
        assert!(hint(&inputs, &[]).unwrap().contains(&option));
        assert_eq!(hint(&inputs, &[path.display().to_string()]), None);
    }
}
