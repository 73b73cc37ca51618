//! The official packages: they are found, read, and distilled to what is committed.

use std::path::PathBuf;

use fhir_accord::packages::data::DataIndex;
use fhir_accord::packages::distill::{EMBEDDED_SET, distill, distill_to, source};
use fhir_accord::packages::reading::{Limits, read_archive};
use fhir_accord::packages::{Located, Resolution, Sources, Spec, resolve};
use fhir_accord::profiles::definition::FhirVersion;
use fhir_accord::profiles::registry::Package;

use crate::harness::{Test, repository, shared, tests};
use crate::made::Head;

pub const TESTS: &[Test] = tests! {
    "packages" => the_official_packages_resolve, the_official_packages_read, distilling_is_reproducible,
        distilling_is_complete;
};

fn data() -> PathBuf {
    repository().join("profiles/data")
}

/// Where an embedded package comes from.
fn source_of(id: &str, version: &str) -> PathBuf {
    source(id, version, &shared().join("packages"), &repository().join("profiles/facts"))
}

fn specs(texts: &[&str]) -> Vec<Spec> {
    texts.iter().map(|t| Spec::parse(t).unwrap()).collect()
}

fn names(resolution: &Resolution) -> Vec<String> {
    resolution.packages.iter().map(Located::name).collect()
}

/// The official folder serves as a source as it is.
fn the_official_packages_resolve() {
    let sources = Sources { folders: vec![shared().join("packages")], ..Sources::default() };
    let resolution = resolve(
        &specs(&["hl7.fhir.us.core#6.1.0", "hl7.fhir.us.core#7.0.0", "hl7.fhir.us.core#2.0.0", "hl7.fhir.uv.ipa"]),
        &sources,
    )
    .unwrap();
    assert!(names(&resolution).contains(&"hl7.fhir.uv.smart-app-launch#2.2.0".to_owned()));
    assert!(names(&resolution).contains(&"hl7.fhir.r3.core#3.0.2".to_owned()));
    let stand_in = resolution.overrides.iter().find(|o| o.dependency == "hl7.fhir.core#3.0.1").unwrap();
    assert_eq!(stand_in.with, "hl7.fhir.r3.core#3.0.2");
    assert_eq!(resolution.absent[1], ["us.cdc.phinvads#0.12.0"]);
    let r5 = Sources { fhir_version: Some(FhirVersion::R5), ..sources };
    assert_eq!(names(&resolve(&[], &r5).unwrap()), ["hl7.fhir.r5.core#5.0.0"]);
}

/// Every package of the shared folder: the index and the files agree.
fn the_official_packages_read() {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(shared().join("packages")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let package = read_archive(&bytes, String::new(), &Limits::default()).unwrap();
        println!("{}: {} definitions", package.name(), package.definitions.len());
        assert!(package.fhir_version.is_some());
        for d in &package.definitions {
            let head: Head = serde_json::from_slice(d.text()).unwrap();
            assert_eq!(
                (&head.resource_type, &head.id, &head.url, &head.version),
                (&d.resource_type, &d.id, &d.url, &d.version),
                "{}",
                d.file
            );
        }
    }
}

/// Distilling anew gives what is committed, and what is distilled distils to itself.
fn distilling_is_reproducible() {
    let index: DataIndex = serde_json::from_slice(&std::fs::read(data().join("index.json")).unwrap()).unwrap();
    assert_eq!(index.packages.iter().map(|e| (e.name.as_str(), e.version.as_str())).collect::<Vec<_>>(), EMBEDDED_SET);
    let limits = Limits::default();
    let folder = tempfile::tempdir().unwrap();
    for entry in &index.packages {
        let distilled = distill_to(&[source_of(&entry.name, &entry.version)], folder.path(), &limits).unwrap();
        assert_eq!(&distilled.packages, std::slice::from_ref(entry));
        let bytes = std::fs::read(folder.path().join(&entry.file)).unwrap();
        assert!(
            bytes == std::fs::read(data().join(&entry.file)).unwrap(),
            "distilling does not give `{}` as it is committed",
            entry.file
        );
        if bytes.len() < 200_000 {
            assert!(distill(&bytes, &limits).unwrap().bytes == bytes, "`{}` distilled twice differs", entry.file);
        }
    }
}

/// No definition is lost: each one of the official package is in the distilled one, under the same name.
fn distilling_is_complete() {
    let limits = Limits::default();
    for (id, version) in EMBEDDED_SET {
        let full = Located::at(&source_of(id, version), &limits).unwrap().load(&limits).unwrap();
        let facts = std::fs::read(data().join(format!("{id}-{version}.tgz"))).unwrap();
        let facts = read_archive(&facts, String::new(), &limits).unwrap();
        assert_eq!(
            (full.name(), full.fhir_version, &full.dependencies),
            (facts.name(), facts.fhir_version, &facts.dependencies)
        );
        let heads = |p: &Package| -> Vec<_> {
            p.definitions
                .iter()
                .filter(|d| !d.url.is_empty() || d.resource_type == "NamingSystem")
                .map(|d| (d.file.clone(), d.resource_type.clone(), d.id.clone(), d.url.clone(), d.version.clone()))
                .collect()
        };
        assert_eq!(heads(&full), heads(&facts));
    }
}
