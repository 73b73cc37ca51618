//! Codes in versions of a code system that are loaded.

use fhir_accord::app::App;
use fhir_accord::profiles::issue::Verdict;
use serde_json::json;

use crate::{BASE, core, issues, open, profile, validate};

/// Two versions of one code system, and value sets over them.
pub fn versions() -> App {
    let system = |version: &str, codes: [&str; 2]| {
        let concepts = codes.map(|c| json!({"code": c}));
        json!({"resourceType": "CodeSystem", "id": format!("s{version}"), "url": format!("{BASE}/s"),
            "version": version, "status": "active", "content": "complete", "caseSensitive": true, "concept": concepts})
    };
    let mut definitions = vec![system("1.0.0", ["a", "b"]), system("2.0.0", ["a", "c"])];
    let url = format!("{BASE}/s");
    let sets = [
        ("first", json!([{"system": url, "version": "1.0.0"}])),
        ("none", json!([{"system": url}])),
        ("listed", json!([{"system": url, "concept": [{"code": "b"}, {"code": "c"}]}])),
        ("both", json!([{"system": url, "version": "1.0.0"}, {"system": url, "version": "2.0.0"}])),
        ("ninth", json!([{"system": url, "version": "9.0.0"}])),
        ("imported", json!([{"valueSet": [format!("{BASE}/none|7.0.0")]}])),
        (
            "edition",
            json!([{"system": "http://snomed.info/sct", "version": "http://snomed.info/sct/900000000000207008",
                "concept": [{"code": "1"}]}]),
        ),
        ("filtered", json!([{"system": url, "filter": [{"property": "code", "op": "regex", "value": "[abc]"}]}])),
    ];
    for (name, include) in sets {
        definitions.push(json!({"resourceType": "ValueSet", "id": name, "url": format!("{BASE}/{name}"),
            "status": "active", "compose": {"include": include}}));
        let binding = json!({"strength": "required", "valueSet": format!("{BASE}/{name}")});
        definitions.push(profile(
            name,
            "Patient",
            &core("Patient"),
            &json!([{"id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "binding": binding}]),
        ));
    }
    open(&definitions)
}

#[test]
fn the_right_version_of_a_code_system_judges() {
    use Verdict::{Invalid, Undetermined, Valid};
    let app = versions();
    let rows = [
        ("first", "b", "", Valid),
        ("first", "c", "", Invalid),
        ("first", "a", "1.0.0", Valid),
        ("first", "a", "1.0", Valid),
        ("first", "a", "2.0.0", Invalid),
        ("first", "a", "9.0.0", Invalid),
        ("none", "c", "", Valid),
        ("none", "b", "", Invalid),
        ("none", "b", "1.0.0", Valid),
        ("none", "c", "1.0.0", Invalid),
        ("none", "a", "9.0.0", Undetermined),
        ("none", "z", "9.0.0", Undetermined),
        ("listed", "b", "1.0.0", Valid),
        ("listed", "c", "2.0.0", Valid),
        ("listed", "b", "2.0.0", Invalid),
        ("listed", "a", "1.0.0", Invalid),
        ("both", "b", "", Valid),
        ("both", "z", "", Invalid),
        ("both", "b", "1.0.0", Undetermined),
        ("both", "a", "9.0.0", Invalid),
        ("ninth", "a", "", Undetermined),
        ("ninth", "a", "9.0.0", Undetermined),
        ("ninth", "a", "1.0.0", Invalid),
        ("imported", "a", "", Undetermined),
        ("filtered", "a", "", Valid),
        ("filtered", "a", "2.0.0", Valid),
        ("filtered", "a", "1.0.0", Undetermined),
    ];
    for (set, code, version, wanted) in rows {
        let mut coding = json!({"system": format!("{BASE}/s"), "code": code});
        if !version.is_empty() {
            coding["version"] = json!(version);
        }
        let instance = json!({"resourceType": "Patient",
            "meta": {"profile": [format!("{BASE}/StructureDefinition/{set}")]}, "maritalStatus": {"coding": [coding]}});
        let report = validate(&app, &instance);
        assert_eq!(report.verdict, wanted, "{set} {code} {version}: {:?}", issues(&report));
    }
}
