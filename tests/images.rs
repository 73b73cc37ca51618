//! The embedded images: a damaged one is an error, never a panic, and their constraints compile.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::Arc;

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::images::AnswerFile;
use fhir_accord::packages::embedded;
use fhir_accord::profiles::issue::RuleId;
use fhir_accord::profiles::plan::{Image, Section};

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

/// Bound on the bytes of all embedded images together: what is added has to be worth its room in the program.
const IMAGES_BYTES: usize = 15 << 20;

#[test]
fn the_embedded_images_are_small() {
    let mut sections = std::collections::BTreeMap::new();
    for e in embedded::list() {
        let Some(Ok(image)) = fhir_accord::images::embedded::find(&e.manifest.id, &e.manifest.version) else {
            continue;
        };
        println!("{} {}", e.manifest.name(), image.words().len() * 4);
        for section in Section::ALL {
            let words = image.section(section);
            let distinct: std::collections::HashSet<&[u32]> = words.chunks(3).collect();
            let told: &mut (usize, usize) = sections.entry(format!("{section:?}")).or_default();
            told.0 += words.len() * 4;
            told.1 += distinct.len() * 12;
        }
    }
    for (section, (bytes, distinct)) in &sections {
        println!("{section:<16} {bytes:>9} {distinct:>9}");
    }
    let all: usize = sections.values().map(|(bytes, _)| bytes).sum();
    assert!(all > 1 << 20 && all <= IMAGES_BYTES, "{all} bytes");
}

#[test]
fn forgotten_plans_let_go_of_one_another() {
    let packages = vec!["hl7.fhir.us.core#8.0.0".to_owned()];
    let app = App::open(&Settings { packages, plan_bytes: Some(200_000), ..Settings::default() }).unwrap();
    let text = include_bytes!("../examples/us-core-patient.json");
    let (plans, set) = (app.plans(), app.set());
    let own = set.layers().iter().position(|i| i.package().starts_with("hl7.fhir.us.core")).unwrap();
    let mut nodes = Vec::new();
    let first = app.validate(text, &Request::default()).unwrap();
    for root in set.resource_profiles(own) {
        let type_id = set.model().find(set.type_name_of(root).unwrap()).unwrap();
        nodes.push(Arc::downgrade(&plans.node(type_id, &[root])));
        let again = app.validate(text, &Request::default()).unwrap();
        assert_eq!((first.verdict, first.issues.len()), (again.verdict, again.issues.len()));
        assert!(plans.kept().1 <= 200_000);
    }
    let kept = nodes.iter().filter(|n| n.upgrade().is_some()).count();
    assert!(nodes.len() > 30 && kept < nodes.len() / 2, "{kept} of {}", nodes.len());
    drop(app);
    assert!(nodes.iter().all(|n| n.upgrade().is_none()), "they hold one another");
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
            image
                .issues()
                .filter(|i| i.rule == RuleId::INVARIANT_BROKEN)
                .map(|i| format!("{}: {i}", e.manifest.name())),
        );
    }
    let known = |i: &String| BROKEN_CONSTRAINTS.iter().any(|(k, _)| i.contains(k));
    let new: Vec<&String> = found.iter().filter(|i| !known(i)).collect();
    assert!(new.is_empty(), "{}", new.iter().map(|n| format!("{n}\n")).collect::<String>());
    for (key, _) in BROKEN_CONSTRAINTS {
        assert!(found.iter().any(|i| i.contains(key)), "nothing is wrong with {key}");
    }
}
