use super::*;
use crate::packages::distill::EMBEDDED_SET;
use crate::packages::hash::sha256_hex;
use crate::packages::reading::archive_manifest;

#[test]
fn the_index_tells_the_truth() {
    assert_eq!(
        list().iter().map(|e| (e.manifest.id.as_str(), e.manifest.version.as_str())).collect::<Vec<_>>(),
        EMBEDDED_SET
    );
    assert_eq!(list().len(), FILES.len());
    for embedded in list() {
        assert_eq!(embedded.sha256, sha256_hex(embedded.archive()), "{}", embedded.manifest.name());
        assert_eq!(embedded.manifest, archive_manifest(embedded.archive(), &Limits::default()).unwrap());
    }
}

#[test]
fn loads_once_and_lets_go() {
    // One of its own: other tests hold those of the list.
    let index: DataIndex = serde_json::from_str(INDEX).unwrap();
    let own = index.packages.into_iter().find(|e| e.name == "hl7.fhir.ca.baseline").map(Embedded::new).unwrap();
    let (one, two) = (own.load().unwrap(), own.load().unwrap());
    assert!(Arc::ptr_eq(&one, &two));
    drop((one, two));
    assert!(own.loaded.lock().unwrap().upgrade().is_none());
    assert!(find("hl7.fhir.ca.baseline", "9.9.9").is_none());
}
