use super::*;
use crate::packages::{Sources, resolve};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_part_is_found_by_name_and_kept() {
    let set = resolve(&[], &Sources::default()).unwrap();
    let narrowed = Narrowed::default();
    let settings = Settings::default();
    let open = |packages: &[&str]| narrowed.open(&set, &settings, None, &names(packages));
    let first = open(&["hl7.fhir.us.core#6.1.0"]).unwrap();
    let patient = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    let found = first.set().find_structure(patient, None).unwrap();
    assert_eq!(first.set().canonical(found), format!("{patient}|6.1.0"));
    assert!(Arc::ptr_eq(&first, &open(&["hl7.fhir.us.core#6.1.0"]).unwrap()));
    let other = open(&["hl7.fhir.us.core#8.0.0"]).unwrap();
    let found = other.set().find_structure(patient, None).unwrap();
    assert_eq!(other.set().canonical(found), format!("{patient}|8.0.0"));
}

#[test]
fn packages_of_another_fhir_version_are_refused() {
    let set = resolve(&[], &Sources::default()).unwrap();
    let core = FhirVersion::Dstu2;
    let asked = names(&["hl7.fhir.us.core#6.1.0"]);
    let refused = Narrowed::default().open(&set, &Settings::default(), Some(core), &asked);
    let text = refused.map(|_| ()).unwrap_err().to_string();
    assert!(text.contains("`hl7.fhir.us.core#6.1.0` is for another FHIR version than DSTU2"), "{text}");
}

#[test]
fn what_is_not_loaded_is_named_with_the_way_out() {
    let set = resolve(&[], &Sources::default()).unwrap();
    let refused = |name: &str| specs(&set, &names(&[name])).unwrap_err().to_string();
    let text = refused("hl7.fhir.us.core#5.0.1");
    assert!(text.contains("`hl7.fhir.us.core#5.0.1` is not loaded"), "{text}");
    assert!(text.contains("hl7.fhir.us.core#6.1.0"), "{text}");
    assert!(refused("../../etc/passwd").contains("is not loaded"));
}

#[test]
fn only_so_many_are_kept() {
    let narrowed = Narrowed::default();
    let key = |n: usize| (None, vec![n.to_string()]);
    let first = narrowed.slot(&key(0));
    (1..MOST).for_each(|n| drop(narrowed.slot(&key(n))));
    assert!(Arc::ptr_eq(&first, &narrowed.slot(&key(0))));
    (MOST..2 * MOST).for_each(|n| drop(narrowed.slot(&key(n))));
    assert!(!Arc::ptr_eq(&first, &narrowed.slot(&key(0))));
}
