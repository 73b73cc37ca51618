use std::path::{Path, PathBuf};

use super::*;
use crate::packages::reading::read_archive;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/data")
}

#[test]
fn all_together_under_five_megabytes_and_a_quarter() {
    let sizes: u64 = EMBEDDED_SET
        .iter()
        .map(|(id, version)| std::fs::metadata(data().join(format!("{id}-{version}.tgz"))).unwrap().len())
        .sum();
    assert!(sizes < 5_250_000, "{sizes} bytes");
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
