//! The distilled packages lose nothing that counts: the official package and the embedded one compile to the same
//! image, except for its prose.

use std::sync::Arc;

use fhir_accord::packages::embedded;
use fhir_accord::packages::hash::sha256_hex;
use fhir_accord::packages::reading::{Limits, read_archive};
use fhir_accord::profiles::compile;
use fhir_accord::profiles::definition::FhirVersion;
use fhir_accord::profiles::plan::{Image, Section};
use fhir_accord::profiles::registry::{Definition, DefinitionHead, Package, PackageGraph};
use serde_json::Value;

use crate::harness::{Test, repository, shared, tests};

pub const TESTS: &[Test] = tests! { "packages" => the_full_and_the_distilled_package_compile_to_the_same_image; };

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

/// The texts of a questionnaire's items are prose.
fn without_texts(questionnaire: &mut Definition) {
    fn strip(value: &mut Value) {
        let items = value.as_object_mut().and_then(|members| {
            members.retain(|name, _| !matches!(name.as_str(), "text" | "_text"));
            members.get_mut("item")?.as_array_mut()
        });
        items.into_iter().flatten().for_each(strip);
    }
    let mut value = Value::clone(questionnaire.value());
    strip(&mut value);
    let head = DefinitionHead {
        resource_type: questionnaire.resource_type.clone(),
        id: questionnaire.id.clone(),
        url: questionnaire.url.clone(),
        version: questionnaire.version.clone(),
        file: questionnaire.file.clone(),
    };
    let text = value.to_string();
    *questionnaire = Definition::new(head, text.as_bytes().into(), 0..text.len());
}

fn the_full_and_the_distilled_package_compile_to_the_same_image() {
    let of_r4: Vec<_> = embedded::list().iter().filter(|e| e.manifest.fhir_version == Some(FhirVersion::R4)).collect();
    let (mut compared, mut humans) = (0, 0);
    for e in &of_r4 {
        let (id, version) = (&e.manifest.id, &e.manifest.version);
        if repository().join("profiles/facts").join(id).is_dir() {
            // Written by this project: there is no official package.
            continue;
        }
        let bytes = std::fs::read(shared().join("packages").join(format!("{id}-{version}.tgz"))).unwrap();
        let below: Vec<Arc<Package>> = of_r4
            .iter()
            .filter(|b| !b.is_guide() && b.manifest.id != e.manifest.id)
            .map(|b| b.load().unwrap())
            .collect();
        let mut full = read_archive(&bytes, sha256_hex(&bytes), &Limits::default()).unwrap();
        full.definitions.iter_mut().filter(|d| d.resource_type == "Questionnaire").for_each(without_texts);
        let full = Arc::new(full);
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
