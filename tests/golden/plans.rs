//! What the plans of profiles demand beyond those of their types.

use std::sync::{Arc, OnceLock};

use fhir_accord::images::{self, Files};
use fhir_accord::packages::{Sources, Spec, resolve};
use fhir_accord::profiles::plan::{ImageSet, Plans};

use crate::compare;

fn plans() -> &'static Plans {
    static PLANS: OnceLock<Plans> = OnceLock::new();
    PLANS.get_or_init(|| {
        let specs = ["hl7.fhir.us.core#6.1.0", "hl7.fhir.uv.ips"].map(|s| Spec::parse(s).unwrap());
        let resolution = resolve(&specs, &Sources::default()).unwrap();
        let (layers, core) = images::load(&resolution, &Files::new(None)).unwrap();
        Plans::new(Arc::new(ImageSet::new(layers, &resolution.links(), core)))
    })
}

fn plan(name: &str, url: &str) {
    compare("plans", name, &plans().text(url).unwrap());
}

#[test]
fn us_core_patient() {
    plan("us_core_patient", "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient");
}

#[test]
fn us_core_blood_pressure() {
    plan("us_core_blood_pressure", "http://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure");
}

#[test]
fn us_core_race() {
    plan("us_core_race", "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race");
}

#[test]
fn us_core_medication_request() {
    plan("us_core_medicationrequest", "http://hl7.org/fhir/us/core/StructureDefinition/us-core-medicationrequest");
}

#[test]
fn ips_allergy_intolerance() {
    plan("ips_allergyintolerance", "http://hl7.org/fhir/uv/ips/StructureDefinition/AllergyIntolerance-uv-ips");
}
