//! An implementation guide as a party.

use fhir_accord::capability::agreement::{Kind, ProfileStatus, Verdict};
use fhir_accord::capability::expectation::Weight;
use fhir_accord::capability::{NegotiateError, NegotiateRequest, Side, negotiate};

use super::support::{NEEDS, capability, definitions, in_package};
use crate::harness::{Test, tests};
use crate::made::to_json;

pub const TESTS: &[Test] = tests! {
    NEEDS => client_from_profiles, client_from_requirements, server_promises_the_guides_version,
        newest_without_a_version_and_absent_guides;
};

fn guide(name: &str) -> Side {
    Side::parse_guide(name).unwrap()
}

fn client_from_profiles() {
    let definitions = definitions();
    let a = negotiate(
        &NegotiateRequest::new(
            guide("ig:hl7.fhir.ca.baseline#1.2.0"),
            Side::Statement(capability("smilecdr-hapi-2019-r4")),
        ),
        definitions,
    )
    .unwrap();
    let patient = a.resources.iter().find(|r| r.resource_type == "Patient").unwrap();
    assert_eq!(
        (patient.entry.weighs, patient.row(Kind::Profile, 0).unwrap().profile().unwrap().required.as_str()),
        (Some(Weight::Shall), "http://hl7.org/fhir/ca/baseline/StructureDefinition/profile-patient|1.1.1")
    );
    assert_eq!(patient.row(Kind::Profile, 0).unwrap().profile().unwrap().realm, ["CA"]);
    assert_eq!(a.verdict, Verdict::Indeterminate);
}

fn client_from_requirements() {
    let definitions = definitions();
    let server = || Side::Statement(capability("inferno-reference-server-template-r4"));
    let by_guide =
        negotiate(&NegotiateRequest::new(guide("ig:hl7.fhir.us.core#6.1.0"), server()), definitions).unwrap();
    let statement = in_package("hl7.fhir.us.core#6.1.0", "CapabilityStatement-us-core-client.json");
    let by_file = negotiate(&NegotiateRequest::new(Side::Statement(statement), server()), definitions).unwrap();
    // The same, but for where an item stands (in the guide's statement, or in the one that was given) and for profiles,
    // of which a guide means its own version.
    fn without_paths(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(members) => {
                members.retain(|name, _| !["paths", "profiles", "counts", "verdict"].contains(&name.as_str()));
                members.values_mut().for_each(without_paths);
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(without_paths),
            _ => {}
        }
    }
    let [mut one, mut other] = [&by_guide, &by_file].map(|a| to_json(a)["resources"].take());
    without_paths(&mut one);
    without_paths(&mut other);
    assert!(one == other, "the guide's statement and its file differ");
    assert_ne!(by_guide.id, by_file.id);
}

fn server_promises_the_guides_version() {
    let definitions = definitions();
    let a = negotiate(
        &NegotiateRequest::new(guide("ig:hl7.fhir.us.core#6.1.0"), guide("ig:hl7.fhir.us.core#6.1.0")),
        definitions,
    )
    .unwrap();
    let patient = a.resources.iter().find(|r| r.resource_type == "Patient").unwrap();
    assert_eq!(
        patient.row(Kind::Profile, 0).unwrap().profile().unwrap().satisfied_by.as_deref(),
        Some("http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0")
    );
    assert_eq!(patient.row(Kind::Profile, 0).unwrap().profile().unwrap().status, ProfileStatus::Proven);
    assert_eq!(a.counts.shall.failed + a.counts.should.failed + a.counts.may.failed, 0);
}

fn newest_without_a_version_and_absent_guides() {
    let definitions = definitions();
    let negotiated =
        |name: &str| negotiate(&NegotiateRequest::new(guide(name), guide("ig:hl7.fhir.us.core#8.0.0")), definitions);
    let types =
        |name: &str| negotiated(name).unwrap().resources.iter().map(|r| r.resource_type.clone()).collect::<Vec<_>>();
    assert_eq!(types("ig:hl7.fhir.us.core"), types("ig:hl7.fhir.us.core#8.0.0"));
    let error = negotiated("ig:hl7.fhir.us.core#9.9.9").unwrap_err();
    assert!(matches!(&error, NegotiateError::GuideAbsent { guide, .. } if guide == "hl7.fhir.us.core#9.9.9"));
    assert!(error.to_string().contains("--package"));
    for id in ["hl7.fhir.uv.ips", "hl7.fhir.us.daf", "fhir.argonaut.r2", "hl7.fhir.uv.ipa", "hl7.fhir.us.core#2.0.0"] {
        assert!(!types(&format!("ig:{id}")).is_empty(), "{id}");
    }
}
