//! What the embedded packages give by themselves.

use fhir_accord_profiles::definition::{Canonical, FhirVersion};

use super::*;

#[test]
fn us_core_works_offline_and_names_what_is_absent() {
    let resolution = resolve(&specs(&["hl7.fhir.us.core#6.1.0"]), &Sources::default()).unwrap();
    assert_eq!(
        names(&resolution),
        [
            "hl7.fhir.us.core#6.1.0",
            "hl7.fhir.r4.core#4.0.1",
            "hl7.terminology.r4#7.3.0",
            "hl7.fhir.uv.extensions.r4#5.3.0",
            "accord.us.terminology#1.0.0",
            "accord.uv.sdc#1.0.0"
        ]
    );
    assert_eq!(
        resolution.absent[0],
        [
            "hl7.fhir.uv.bulkdata#2.0.0",
            "hl7.fhir.uv.smart-app-launch#2.1.0",
            "us.cdc.phinvads#0.12.0",
            "ihe.formatcode.fhir#1.1.0"
        ]
    );
    let overrides: Vec<_> = resolution.overrides.iter().map(|o| (o.dependency.as_str(), o.with.as_str())).collect();
    assert_eq!(
        overrides,
        [
            ("hl7.fhir.uv.extensions.r4#1.0.0", "hl7.fhir.uv.extensions.r4#5.3.0"),
            ("hl7.fhir.uv.sdc#3.0.0", "accord.uv.sdc#1.0.0"),
            ("hl7.terminology.r4#5.0.0", "hl7.terminology.r4#7.3.0"),
            ("us.nlm.vsac#0.10.0", "accord.us.terminology#1.0.0")
        ]
    );
    assert_eq!(resolution.dependencies, [vec![1, 2, 3, 4, 5], vec![], vec![1], vec![1, 2], vec![1], vec![1, 3]]);
}

#[test]
fn without_a_package_all_embedded_guides_serve() {
    let resolution = resolve(&[], &Sources::default()).unwrap();
    let guides: Vec<String> = names(&resolution).into_iter().take(6).collect();
    assert_eq!(
        guides,
        [
            "hl7.fhir.ca.baseline#1.2.0",
            "hl7.fhir.us.core#3.1.1",
            "hl7.fhir.us.core#6.1.0",
            "hl7.fhir.us.core#7.0.0",
            "hl7.fhir.us.core#8.0.0",
            "hl7.fhir.uv.ips#1.1.0"
        ]
    );
    assert_eq!(resolution.packages.len(), 12);
    let dstu2 = resolve(&[], &Sources { fhir_version: Some(FhirVersion::Dstu2), ..Sources::default() }).unwrap();
    assert_eq!(names(&dstu2), ["fhir.argonaut.r2#1.0.0", "hl7.fhir.us.daf#1.0.2", "hl7.fhir.r2.core#1.0.2"]);
}

#[test]
fn an_unversioned_canonical_means_the_newest_and_a_version_itself() {
    let graph = load_graph(&[], &Sources::default()).unwrap();
    let url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    let version = |canonical: &str| {
        graph.resolve(&Canonical::parse(canonical), None, &[]).and_then(|f| f.definition.version.clone())
    };
    assert_eq!(version(url).as_deref(), Some("8.0.0"));
    for exact in ["3.1.1", "6.1.0", "7.0.0", "8.0.0"] {
        assert_eq!(version(&format!("{url}|{exact}")).as_deref(), Some(exact));
    }
    assert_eq!(version(&format!("{url}|9.9.9")), None);
}

#[test]
fn several_fhir_versions_stand_side_by_side() {
    let graph = load_graph(&specs(&["hl7.fhir.us.daf", "hl7.fhir.us.core"]), &Sources::default()).unwrap();
    let names: Vec<String> = graph.packages().iter().map(|p| p.name()).collect();
    assert_eq!(names[..2], ["hl7.fhir.us.daf#1.0.2", "hl7.fhir.us.core#8.0.0"]);
    let patient = Canonical::parse("http://hl7.org/fhir/StructureDefinition/Patient");
    let seen = |asking| graph.resolve(&patient, Some(asking), &[]).map(|f| graph.packages()[f.package].name());
    assert_eq!(seen(0).as_deref(), Some("hl7.fhir.r2.core#1.0.2"));
    assert_eq!(seen(1).as_deref(), Some("hl7.fhir.r4.core#4.0.1"));
}
