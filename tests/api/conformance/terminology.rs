//! `$conforms`: the value sets of profiles, the maps of guides, and supported code systems.

use serde_json::{Value, json};

use super::{inline, parameters, part, post, statement};

const SMOKING: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-smokingstatus";
const LAB: &str = "http://hl7.org/fhir/uv/ips/StructureDefinition/Observation-results-laboratory-uv-ips|1.1.0";
const STATUSES: &str = "http://hl7.org/fhir/ValueSet/observation-status|4.0.1";

fn with(mode: &str, profile: &str) -> Value {
    statement(mode, json!([{"type": "Observation", "interaction": [{"code": "read"}], "supportedProfile": [profile]}]))
}

fn compared(left: &Value, right: &Value, mode: &str) -> Value {
    let sides = [inline("left", left), inline("right", right), json!({"name": "mode", "valueCode": mode})];
    post("/CapabilityStatement/$conforms", &parameters(&sides), 200)
}

/// Severity, code and text of the issues with a text.
fn told(answer: &Value, part_of_text: &str) -> Vec<(String, String, String)> {
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let all = part(answer, "issues")["issue"].as_array().unwrap().iter();
    let of = |i: &Value| (text(&i["severity"]), text(&i["code"]), text(&i["details"]["text"]));
    all.map(of).filter(|(_, _, told)| told.contains(part_of_text)).collect()
}

fn documentation(answer: &Value, name: &str) -> String {
    part(answer, name)["rest"][0]["resource"][0]["documentation"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn value_sets_of_profiles_are_compared() {
    let (few, all) = (format!("{SMOKING}|8.0.0"), LAB);
    let narrow =
        format!("`{}`", "http://hl7.org/fhir/us/core/ValueSet/us-core-observation-smoking-status-status|8.0.0");
    let answer = compared(&with("server", &few), &with("server", all), "server/server");
    let [(severity, code, text)] = &told(&answer, "value sets of `Observation.status` in")[..] else { panic!() };
    assert_eq!((severity.as_str(), code.as_str()), ("warning", "not-supported"));
    let only = "all codes of left are in right; codes that only right has: `amended`, `cancelled`, `corrected`";
    for part in [&narrow, STATUSES, "(required)", only] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // The codes of both are those of the smaller set; either has those of two.
    let line = |name: &str| {
        let text = documentation(&answer, name);
        text.lines().find(|l| l.starts_with("* `Observation.status`")).unwrap_or_default().to_owned()
    };
    assert_eq!(line("intersection"), format!("* `Observation.status`: {narrow}"));
    assert_eq!(line("union"), format!("* `Observation.status`: `{STATUSES}`; {narrow}"));

    // A client that reads the few codes may meet others; one that reads them all meets no others.
    let wants_few = compared(&with("client", &few), &with("server", all), "client/server");
    assert_eq!(told(&wants_few, "value sets of `Observation.status` in")[0].0, "warning");
    let wants_all = compared(&with("client", all), &with("server", &few), "client/server");
    let [(severity, _, text)] = &told(&wants_all, "value sets of `Observation.status` in")[..] else { panic!() };
    assert!(severity == "information" && text.contains("all codes of right are in left"), "{text}");
    // What the server alone binds is no matter for the client; a slice of the client's is.
    assert_eq!(told(&wants_all, "left binds none"), []);
    assert!(!told(&answer, "`Observation.value[x]:valueQuantity`").is_empty());

    let same = compared(&with("server", &few), &with("server", &few), "server/server");
    assert_eq!(told(&same, "")[0].2, "no differences found");
    assert_eq!(documentation(&same, "union").lines().count(), documentation(&same, "intersection").lines().count());
}

#[test]
fn what_is_unknown_of_value_sets_is_told() {
    let absent = "http://x.example/StructureDefinition/p";
    let answer = compared(&with("server", absent), &with("server", LAB), "server/server");
    let unknown = format!("the value sets of profile `{absent}` are unknown: its definition is not loaded");
    assert_eq!(told(&answer, &unknown).len(), 1);
    let text = documentation(&answer, "union");
    assert!(text.contains(STATUSES) && text.ends_with("The value sets of some profiles are unknown."), "{text}");

    // The versions that a url without one may mean bind differently at some elements, and alike at others.
    let answer = compared(&with("server", SMOKING), &with("server", &format!("{SMOKING}|8.0.0")), "server/server");
    let [(severity, code, text)] = &told(&answer, "relate is unknown")[..] else { panic!() };
    assert_eq!((severity.as_str(), code.as_str()), ("warning", "incomplete"));
    assert!(text.contains("left names no version") && text.contains("`Observation.value[x]`"), "{text}");
    assert!(!text.contains("`Observation.status`"), "{text}");
    let (union, common) = (documentation(&answer, "union"), documentation(&answer, "intersection"));
    assert!(union.contains("* `Observation.value[x]:") && !common.contains("* `Observation.value[x]:"), "{common}");

    // A value set that is not loaded: nobody knows its codes.
    let [immunization, other] = [
        "us/core/StructureDefinition/us-core-immunization|6.1.0",
        "uv/ips/StructureDefinition/Immunization-uv-ips|1.1.0",
    ]
    .map(|p| {
        statement("server", json!([{"type": "Immunization", "supportedProfile": [format!("http://hl7.org/fhir/{p}")]}]))
    });
    let answer = compared(&immunization, &other, "server/server");
    let open = told(&answer, "value sets of `Immunization.vaccineCode` in");
    assert!(open[0].2.contains("`http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.113762.1.4.1010.6`"), "{open:?}");
}

#[test]
fn maps_of_guides_and_code_systems_are_compared() {
    let guide = |name: &str| format!("http://hl7.org/fhir/{name}");
    let ips = guide("uv/ips/ImplementationGuide/hl7.fhir.uv.ips");
    let old = guide("us/core/ImplementationGuide/hl7.fhir.us.core|3.1.1");
    let of = |guides: &[&str], systems: &[&str]| {
        let mut made = statement("server", json!([{"type": "Patient", "interaction": [{"code": "read"}]}]));
        made["implementationGuide"] = json!(guides);
        let url = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-supported-system";
        made["extension"] = systems.iter().map(|s| json!({"url": url, "valueUri": s})).collect();
        made
    };
    let left = of(&[&ips, &old], &["http://loinc.org", "http://snomed.info/sct"]);
    let right = of(&[&ips], &["http://loinc.org", "http://unitsofmeasure.org"]);
    let answer = compared(&left, &right, "server/server");
    let maps = told(&answer, "ConceptMap");
    assert_eq!(maps.len(), 1, "{maps:?}");
    let text = "left has the ConceptMap `http://hl7.org/fhir/us/core/ConceptMap/ndc-cvx` by its guide \
                `hl7.fhir.us.core#3.1.1`; no guide of right has it";
    assert_eq!((maps[0].0.as_str(), maps[0].2.as_str()), ("information", text));
    for (side, system) in [("left", "http://snomed.info/sct"), ("right", "http://unitsofmeasure.org")] {
        assert_eq!(told(&answer, &format!("only {side} states support of the code system `{system}`")).len(), 1);
    }
    assert_eq!(told(&answer, "code system `http://loinc.org`"), []);
    let systems = |name: &str| {
        let all = part(&answer, name)["extension"].as_array().unwrap().iter();
        all.map(|e| e["valueUri"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(systems("union").len(), 3);
    assert_eq!(systems("intersection"), ["http://loinc.org"]);
    assert_eq!(part(&answer, "union")["implementationGuide"], json!([ips, old]));
    assert_eq!(part(&answer, "intersection")["implementationGuide"], json!([ips]));

    // The four maps of a guide, beside a guide that nobody knows.
    let unknown = of(&["http://x.example/ImplementationGuide/g"], &[]);
    let answer = compared(&of(&[&ips], &[]), &unknown, "client/server");
    assert_eq!(told(&answer, "whether right has it is unknown: guides of it are not loaded").len(), 4);
    assert_eq!(told(&answer, "of right are unknown: the guide is not loaded").len(), 1);
    // A client is not told what only the server has.
    let answer = compared(&of(&[], &[]), &of(&[&ips], &["http://loinc.org"]), "client/server");
    assert_eq!((told(&answer, "ConceptMap"), told(&answer, "code system")), (vec![], vec![]));
}

#[test]
fn imports_state_for_those_that_import() {
    let importing = |url: &str| {
        let mut made = statement("server", json!([{"type": "Patient"}]));
        made["imports"] = json!([url]);
        made
    };
    let us = importing("http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server|6.1.0");
    let answer = compared(&us, &us, "server/server");
    let guides = &part(&answer, "union")["implementationGuide"];
    assert_eq!(guides[0], "http://hl7.org/fhir/smart-app-launch/ImplementationGuide/hl7.fhir.uv.smart-app-launch");
}
