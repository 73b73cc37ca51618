//! Codes of systems that are not loaded, codes without a binding, codes of grammars.

use fhir_accord::profiles::issue::Verdict;
use serde_json::json;

use crate::versions::versions;
use crate::{BASE, issues, open, validate};

#[test]
fn versions_of_systems_that_are_not_loaded_are_compared_by_their_names() {
    use Verdict::{Invalid, Undetermined, Valid};
    let app = versions();
    let edition = "http://snomed.info/sct/900000000000207008";
    for (code, version, wanted) in [
        ("1", edition.to_owned(), Valid),
        ("1", format!("{edition}/version/20230131"), Valid),
        ("1", "http://snomed.info/sct/731000124108".to_owned(), Undetermined),
        ("2", edition.to_owned(), Invalid),
    ] {
        let coding = json!({"system": "http://snomed.info/sct", "code": code, "version": version});
        let instance = json!({"resourceType": "Patient",
            "meta": {"profile": [format!("{BASE}/StructureDefinition/edition")]},
                "maritalStatus": {"coding": [coding]}});
        let report = validate(&app, &instance);
        assert_eq!(report.verdict, wanted, "{code} {version}: {:?}", issues(&report));
    }
}

#[test]
fn a_code_without_a_binding_is_held_against_the_version_it_names() {
    let app = versions();
    let coded = |code: &str, version: &str| {
        let instance = json!({"resourceType": "Patient", "meta": {"tag": [{"system": format!("{BASE}/s"),
            "version": version, "code": code}]}});
        issues(&validate(&app, &instance))
    };
    assert_eq!(coded("b", "1.0.0"), Vec::<String>::new());
    assert_eq!(coded("b", "2.0.0"), ["code-unknown Patient.meta.tag[0].code"]);
    assert_eq!(coded("b", "3.0.0"), ["?code-system-version Patient.meta.tag[0].version"]);
}

#[test]
fn codes_of_grammars_need_no_binding() {
    let app = open(&[]);
    let coded = |system: &str, code: &str| {
        issues(&validate(
            &app,
            &json!({"resourceType": "Patient", "meta": {"tag": [{"system": system, "code": code}]}}),
        ))
    };
    for (system, good, bad) in [
        ("urn:ietf:bcp:47", ["en", "zh-Hant-TW", "EN-us"], ["en_US", "english", "xx"]),
        (
            "urn:ietf:bcp:13",
            ["application/pdf", "image/svg+xml", "text/plain; charset=utf-8"],
            ["pdf", "application/", "a b/c"],
        ),
        ("http://unitsofmeasure.org", ["Cel", "10*3/uL", "mL/min/{1.73_m2}"], ["celsius", "kk", "mg/"]),
    ] {
        for code in good {
            assert_eq!(coded(system, code), Vec::<String>::new(), "{code}");
        }
        for code in bad {
            assert_eq!(coded(system, code), ["code-unknown Patient.meta.tag[0].code"], "{code}");
        }
    }
}
