#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use super::*;
use crate::packages::reading::read_archive;

fn official() -> Option<PathBuf> {
    let folder = std::env::var_os("ACCORD_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from).join("packages");
    if !folder.is_dir() {
        println!("not here: {}", folder.display());
        return None;
    }
    Some(folder)
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/data")
}

/// Distilling anew gives what is committed, and what is distilled distils to itself.
#[test]
fn reproducible() {
    let Some(folder) = official() else { return };
    let index: DataIndex = serde_json::from_slice(&std::fs::read(data().join("index.json")).unwrap()).unwrap();
    assert_eq!(index.packages.iter().map(|e| (e.name.as_str(), e.version.as_str())).collect::<Vec<_>>(), EMBEDDED_SET);
    let limits = Limits::default();
    for entry in &index.packages {
        let source = std::fs::read(folder.join(&entry.file)).unwrap();
        let distilled = distill(&source, &limits).unwrap();
        assert_eq!(&distilled.entry, entry);
        assert!(distilled.bytes == std::fs::read(data().join(&entry.file)).unwrap(), "`{}` is not what distilling gives", entry.file);
        if distilled.bytes.len() < 200_000 {
            assert!(distill(&distilled.bytes, &limits).unwrap().bytes == distilled.bytes, "`{}` distilled twice differs", entry.file);
        }
    }
}

/// No definition is lost: each one of the official package stands in the distilled one, under the same name.
#[test]
fn complete() {
    let Some(folder) = official() else { return };
    for (id, version) in EMBEDDED_SET {
        let file = format!("{id}-{version}.tgz");
        let limits = Limits::default();
        let full = read_archive(&std::fs::read(folder.join(&file)).unwrap(), String::new(), &limits).unwrap();
        let facts = read_archive(&std::fs::read(data().join(&file)).unwrap(), String::new(), &limits).unwrap();
        assert_eq!((full.name(), full.fhir_version, &full.dependencies), (facts.name(), facts.fhir_version, &facts.dependencies));
        let heads = |p: &fhir_accord_profiles::registry::Package| -> Vec<_> {
            p.definitions.iter().filter(|d| !d.url.is_empty() || d.resource_type == "NamingSystem").map(|d| (d.file.clone(), d.resource_type.clone(), d.id.clone(), d.url.clone(), d.version.clone())).collect()
        };
        assert_eq!(heads(&full), heads(&facts));
    }
}

#[test]
fn all_together_under_five_megabytes() {
    let sizes: u64 = EMBEDDED_SET.iter().map(|(id, version)| std::fs::metadata(data().join(format!("{id}-{version}.tgz"))).unwrap().len()).sum();
    assert!(sizes < 5_000_000, "{sizes} bytes");
}

#[test]
#[ignore = "bootstrap"]
fn bootstrap() {
    let Some(folder) = official() else { return };
    let mut index = DataIndex { packages: Vec::new() };
    for (id, version) in EMBEDDED_SET {
        let d = distill(&std::fs::read(folder.join(format!("{id}-{version}.tgz"))).unwrap(), &Limits::default()).unwrap();
        std::fs::write(data().join(&d.entry.file), &d.bytes).unwrap();
        println!("{} {}", d.entry.file, d.bytes.len());
        index.packages.push(d.entry);
    }
    std::fs::write(data().join("index.json"), index.to_json()).unwrap();
}
