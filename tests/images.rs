//! The embedded images: a damaged one is an error, never a panic, and their constraints compile.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use fhir_accord::images::AnswerFile;
use fhir_accord::packages::embedded;
use fhir_accord::profiles::plan::Image;

#[test]
fn a_damaged_image_is_an_error() {
    let (id, version) = ("hl7.fhir.us.core", "6.1.0");
    let image = fhir_accord::images::embedded::find(id, version).unwrap().unwrap();
    let bytes: Vec<u8> = image.words().iter().flat_map(|w| w.to_le_bytes()).collect();
    assert_eq!(Image::from_bytes(&bytes).unwrap().package(), format!("{id}#{version}"));
    for at in (0..bytes.len()).step_by(bytes.len() / 97) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        assert!(Image::from_bytes(&damaged).is_err(), "a change at {at} went unnoticed");
    }
    for len in [0, 1, 3, 100, bytes.len() / 2, bytes.len() - 4] {
        assert!(Image::from_bytes(&bytes[..len]).is_err(), "cut off at {len}");
    }
}

#[test]
fn damaged_answers_are_as_good_as_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = AnswerFile::new(folder.path().to_owned(), &["a#1 00".to_owned()], "f");
    assert_eq!(file.read(), None);
    file.write("[1]");
    assert_eq!(file.read().as_deref(), Some("[1]"));
    file.write("[1, 2]");
    assert_eq!(file.read().as_deref(), Some("[1, 2]"), "a newer file stands in its place");
    assert_eq!(AnswerFile::new(folder.path().to_owned(), &["a#1 01".to_owned()], "f").read(), None);
    let path = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, text.replace("2]", "3]")).unwrap();
    assert_eq!(file.read(), None);
}

/// The constraints of the embedded packages that really are broken, each with what is wrong.
const BROKEN_CONSTRAINTS: &[(&str, &str)] = &[
    (
        "StructureDefinition/ChargeItemDefinition at `ChargeItemDefinition`: the expression of `cid-0`",
        "the type has a title and no name",
    ),
    (
        "allergyintolerance-substanceExposureRisk at `Extension`: the expression of `inv-1`",
        "speaks of the extension's parts as if they were elements",
    ),
    (
        "us-core-provenance at `Provenance.agent.onBehalfOf`: the expression of `provenance-1`",
        "starts at the Provenance, and stands at a Reference; later versions moved it",
    ),
];

#[test]
fn constraints_of_the_embedded_packages_are_sound() {
    let mut found = Vec::new();
    for e in embedded::list() {
        let Some(Ok(image)) = fhir_accord::images::embedded::find(&e.manifest.id, &e.manifest.version) else {
            continue;
        };
        found.extend(
            image.issues().filter(|i| i.ends_with("[invariant-broken]")).map(|i| format!("{}: {i}", e.manifest.name())),
        );
    }
    let known = |i: &String| BROKEN_CONSTRAINTS.iter().any(|(k, _)| i.contains(k));
    let new: Vec<&String> = found.iter().filter(|i| !known(i)).collect();
    assert!(new.is_empty(), "{}", new.iter().map(|n| format!("{n}\n")).collect::<String>());
    for (key, _) in BROKEN_CONSTRAINTS {
        assert!(found.iter().any(|i| i.contains(key)), "nothing is wrong with {key}");
    }
}
