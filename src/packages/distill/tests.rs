use std::path::{Path, PathBuf};

use super::*;
use crate::packages::data::DataIndex;
use crate::packages::reading::read_archive;

fn official() -> Option<PathBuf> {
    let folder =
        std::env::var_os("ACCORD_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from).join("packages");
    if !folder.is_dir() {
        println!("not here: {}", folder.display());
        return None;
    }
    Some(folder)
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/data")
}

fn facts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/facts")
}

/// Distilling anew gives what is committed, and what is distilled distils to itself.
#[test]
fn reproducible() {
    let Some(folder) = official() else { return };
    let index: DataIndex = serde_json::from_slice(&std::fs::read(data().join("index.json")).unwrap()).unwrap();
    assert_eq!(index.packages.iter().map(|e| (e.name.as_str(), e.version.as_str())).collect::<Vec<_>>(), EMBEDDED_SET);
    let limits = Limits::default();
    for entry in &index.packages {
        let source = source(&entry.name, &entry.version, &folder, &facts());
        let distilled = distill(&run::packed(&source, &limits).unwrap(), &limits).unwrap();
        assert_eq!(&distilled.entry, entry);
        assert!(
            distilled.bytes == std::fs::read(data().join(&entry.file)).unwrap(),
            "`{}` is not what distilling gives",
            entry.file
        );
        if distilled.bytes.len() < 200_000 {
            assert!(
                distill(&distilled.bytes, &limits).unwrap().bytes == distilled.bytes,
                "`{}` distilled twice differs",
                entry.file
            );
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
        let full = run::packed(&source(id, version, &folder, &facts()), &limits).unwrap();
        let full = read_archive(&full, String::new(), &limits).unwrap();
        let facts = read_archive(&std::fs::read(data().join(&file)).unwrap(), String::new(), &limits).unwrap();
        assert_eq!(
            (full.name(), full.fhir_version, &full.dependencies),
            (facts.name(), facts.fhir_version, &facts.dependencies)
        );
        let heads = |p: &fhir_accord_profiles::registry::Package| -> Vec<_> {
            p.definitions
                .iter()
                .filter(|d| !d.url.is_empty() || d.resource_type == "NamingSystem")
                .map(|d| (d.file.clone(), d.resource_type.clone(), d.id.clone(), d.url.clone(), d.version.clone()))
                .collect()
        };
        assert_eq!(heads(&full), heads(&facts));
    }
}

#[test]
fn all_together_under_five_megabytes() {
    let sizes: u64 = EMBEDDED_SET
        .iter()
        .map(|(id, version)| std::fs::metadata(data().join(format!("{id}-{version}.tgz"))).unwrap().len())
        .sum();
    assert!(sizes < 5_000_000, "{sizes} bytes");
}

#[test]
fn a_folder_of_data() {
    let folder = tempfile::tempdir().unwrap();
    let text = br#"{"resourceType":"ValueSet","url":"http://x/v","description":"prose"}"#.to_vec();
    let manifest = br#"{"name":"a","version":"1.0.0","description":"prose","dependencies":{"b":"1.x"}}"#.to_vec();
    let official = folder.path().join("official.tgz");
    std::fs::write(
        &official,
        pack(&[
            ("package.json".to_owned(), manifest),
            ("ValueSet-v.json".to_owned(), text),
            ("list.json".to_owned(), b"[]".to_vec()),
        ])
        .unwrap(),
    )
    .unwrap();
    let to = folder.path().join("data");
    let index = distill_to(std::slice::from_ref(&official), &to, &Limits::default()).unwrap();
    let bytes = std::fs::read(to.join("a-1.0.0.tgz")).unwrap();
    assert_eq!(index.packages[0].sha256, sha256_hex(&bytes));
    assert_eq!(std::fs::read_to_string(to.join("index.json")).unwrap(), index.to_json());
    let package = read_archive(&bytes, String::new(), &Limits::default()).unwrap();
    assert_eq!(
        package.definitions.iter().map(|d| d.text()).collect::<Vec<_>>(),
        [br#"{"resourceType":"ValueSet","url":"http://x/v"}"#]
    );
    assert!(distill_to(&[folder.path().join("none.tgz")], &to, &Limits::default()).is_err());
}
