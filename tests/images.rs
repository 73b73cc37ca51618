//! The distilled packages lose nothing that counts: the official package and the embedded one compile to the same image,
//! but for its prose.
//! And images: a damaged one is an error, never a panic.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;
use std::sync::Arc;

use fhir_accord::packages::embedded;
use fhir_accord::packages::hash::sha256_hex;
use fhir_accord::packages::reading::{Limits, read_archive};
use fhir_accord::profiles::compile;
use fhir_accord::profiles::definition::FhirVersion;
use fhir_accord::profiles::plan::{Image, Section};
use fhir_accord::profiles::registry::{Package, PackageGraph};

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("ACCORD_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from)
        .join("packages");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("not here: {} (skipped)", folder.display());
    None
}

/// What packages with prose have and distilled ones don't.
const PROSE: [Section; 2] = [Section::Humans, Section::HumanText];

/// The image of the first package among the others, as the build script makes it.
fn image(package: Arc<Package>, below: &[Arc<Package>]) -> Vec<u32> {
    let packages: Vec<Arc<Package>> = below.iter().cloned().chain([package.clone()]).collect();
    let last = packages.len() - 1;
    let count = below.iter().filter(|p| embedded::is_foundation(&p.id)).count();
    let dependencies =
        (0..=last).map(|i| (0..if i == last { last } else { count }).filter(|d| *d != i).collect()).collect();
    let core = packages.iter().position(|p| p.id == FhirVersion::R4.core_package()).unwrap();
    let graph = PackageGraph::new(packages, dependencies, vec![Vec::new(); last + 1]);
    let model = compile::model(&graph, core);
    compile::package(&graph, last, &model, core == last)
}

#[test]
fn the_full_and_the_distilled_package_compile_to_the_same_image() {
    let Some(folder) = shared() else { return };
    let of_r4: Vec<_> = embedded::list().iter().filter(|e| e.manifest.fhir_version == Some(FhirVersion::R4)).collect();
    let (mut compared, mut humans) = (0, 0);
    for e in &of_r4 {
        let file = folder.join(format!("{}-{}.tgz", e.manifest.id, e.manifest.version));
        let Ok(bytes) = std::fs::read(&file) else {
            println!("not here: {} (skipped)", file.display());
            continue;
        };
        let below: Vec<Arc<Package>> = of_r4
            .iter()
            .filter(|b| !b.is_guide() && b.manifest.id != e.manifest.id)
            .map(|b| b.load().unwrap())
            .collect();
        let full = Arc::new(read_archive(&bytes, sha256_hex(&bytes), &Limits::default()).unwrap());
        let made = |package| Image::new(image(package, &below).into(), true).unwrap();
        let (full, distilled) = (made(full), made(e.load().unwrap()));
        for section in Section::ALL.into_iter().filter(|s| !PROSE.contains(s)) {
            let (full, distilled) = (full.section(section), distilled.section(section));
            let difference = full.iter().zip(distilled).position(|(a, b)| a != b);
            assert!(
                full == distilled,
                "{} {section:?}: {} and {} words, first difference at {difference:?}",
                e.manifest.name(),
                full.len(),
                distilled.len()
            );
        }
        let said = |image: &Image| {
            (0..).map_while(|i| image.constraint(i).map(|_| image.human(i).is_some())).filter(|h| *h).count()
        };
        assert_eq!(said(&distilled), 0, "{}", e.manifest.name());
        humans += said(&full);
        compared += 1;
    }
    assert!((compared > 0 && humans > 500) || of_r4.is_empty(), "{compared} packages, {humans} texts");
}

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

/// The constraints of the embedded packages that are broken indeed, each with what is wrong.
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
