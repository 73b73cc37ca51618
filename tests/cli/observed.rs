//! `accord negotiate --observed`: real answers as evidence. Counts, rules and places come out, no value.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::leak;
use crate::support::{Run, accord, folder, path};

const PATIENT: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
const LAB: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab";

/// Both sides: the client requires both profiles in one version, the server claims that of patients.
fn sides() -> [Value; 2] {
    let of = |mode: &str, profiles: [Vec<String>; 2]| {
        let entry = |name: &str, profiles: &Vec<String>| {
            json!({"type": name, "supportedProfile": profiles,
            "interaction": [{"code": "read"}, {"code": "search-type"}]})
        };
        json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1",
            "rest": [{"mode": mode, "resource":
                [entry("Patient", &profiles[0]), entry("Observation", &profiles[1])]}]})
    };
    let named = |url: &str| vec![format!("{url}|6.1.0")];
    [of("client", [named(PATIENT), named(LAB)]), of("server", [named(PATIENT), Vec::new()])]
}

fn patient(secret: &str, is_whole: bool) -> Value {
    let mut made = json!({"resourceType": "Patient", "id": format!("id-{secret}"), "meta": {"profile": [PATIENT]},
        "identifier": [{"system": "http://hospital.test/mrn", "value": format!("mrn-{secret}")}],
        "name": [{"family": format!("Family{secret}"), "given": ["Nobuko", "chukwuemeka"]}],
        "gender": "female", "address": [{"city": "abeokuta", "text": "behind the old tannery"}]});
    if !is_whole {
        made.as_object_mut().unwrap().remove("name");
        made["tail-Okafor"] = json!("undefined");
    }
    made
}

fn lab(value: f64) -> Value {
    json!({"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/id-1"},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "2339-0"}]}, "effectiveDateTime": "2021-05-05",
        "valueQuantity": {"value": value, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"}})
}

/// The evidence of real answers for the profile of a type.
fn evidence(result: &Value, at: usize) -> Value {
    let all = result["resources"][at]["profiles"][0]["evidence"].as_array().unwrap().clone();
    all.into_iter().find(|e| e["rule"] == "observed").unwrap_or_default()["observed"].clone()
}

fn strings(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(out.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|v| strings(v, out)),
        Value::Object(members) => members.iter().for_each(|(name, v)| {
            out.insert(name.clone());
            strings(v, out);
        }),
        _ => {}
    }
}

/// The run, once none of the strings of these instances is in it, but the words of the specification, and none of the
/// words of their values but those of the run without them.
fn silent(run: Run, instances: &[Value], without: &Run) -> Run {
    let [told, plain] = [&run, without].map(|r| format!("{} {}", r.out, r.err));
    let (sought, found) = leak::leaked(instances.iter(), &told, &plain);
    assert!(sought > 4, "{sought}");
    assert!(found.is_empty(), "{found:?}");
    let mut all = BTreeSet::new();
    instances.iter().for_each(|v| strings(v, &mut all));
    let is_told = |s: &&String| s.starts_with("http://hl7.org/") || s.starts_with("http://terminology");
    let known = ["Patient", "Observation", "name", "code", "value", "category", "status", "laboratory", "final"];
    let own = all.iter().filter(|s| s.len() > 4 && !is_told(s) && !known.contains(&s.as_str()));
    let own: Vec<&String> = own.filter(|s| s.contains(|c: char| !c.is_ascii_lowercase())).collect();
    assert!(own.len() > 4, "{own:?}");
    for secret in own {
        let told = ["resourceType", "effectiveDateTime", "valueQuantity"].contains(&secret.as_str());
        assert!(told || !run.out.contains(secret.as_str()), "`{secret}` in {}", run.out);
        assert!(told || !run.err.contains(secret.as_str()), "`{secret}` in {}", run.err);
    }
    run
}

/// What a command logs when it logs everything, and what it leaves for the next process.
fn logged_and_kept(arguments: &[&str]) -> String {
    let kept = tempfile::TempDir::new().unwrap();
    let mut logging = crate::support::command(arguments);
    let run = logging.env("RUST_LOG", "trace").env("ACCORD_IMAGES", kept.path()).output().unwrap();
    let mut seen = String::from_utf8(run.stderr).unwrap();
    for entry in fs::read_dir(kept.path()).unwrap() {
        seen.push_str(&String::from_utf8_lossy(&fs::read(entry.unwrap().path()).unwrap()));
    }
    seen
}

#[test]
fn a_lower_case_word_that_leaks_is_found() {
    leak::finds_what_leaks();
}

fn lines(all: &[Value]) -> String {
    all.iter().map(|v| format!("{v}\n")).collect()
}

#[test]
fn counts_and_places_without_values() {
    let [client, server] = sides();
    let unnamed = json!({"resourceType": "Patient", "id": "unclaimed-Okafor"});
    let patients = [patient("A1", true), patient("B2", true), patient("C3", false), unnamed.clone()];
    let bundle = json!({"resourceType": "Bundle", "type": "searchset", "entry": [
        {"resource": lab(91.5)}, {"resource": lab(17.25)}, {"resource": unnamed.clone()}]});
    let pretty = serde_json::to_string_pretty(&bundle).unwrap();
    let files = folder(&[
        ("c.json", client.to_string().as_bytes()),
        ("s.json", server.to_string().as_bytes()),
        ("answers/Nobuko.ndjson", lines(&patients).as_bytes()),
        ("answers/labs.json", pretty.as_bytes()),
        ("nothing.json", b"{\"resourceType\": \"Patient\"}"),
        ("answers/broken.ndjson", b"{\"resourceType\": \"Patient\"\n\n[1]\n"),
    ]);
    let (c, s, answers) = (path(&files, "c.json"), path(&files, "s.json"), path(&files, "answers"));
    let arguments = ["negotiate", "--client", &c, "--server", &s, "--observed", &answers];
    let all = [patients.as_slice(), &[bundle]].concat();
    let run = |format: &str| {
        let of = |arguments: &[&str]| accord(&[arguments, &["--format", format]].concat()).ended(0);
        silent(of(&arguments), &all, &of(&arguments[..5]))
    };
    let result = run("json").json();
    assert_eq!(result["observed"], json!({"files": 3, "instances": 7, "unread": 2}));
    // Of the patients three claim the profile; one of them fails, on the third line.
    let patients = evidence(&result, 0);
    assert_eq!((&patients["speaking"], &patients["failed"], &patients["outside"]), (&json!(3), &json!(1), &json!(2)));
    let witness = &patients["witness"];
    assert_eq!((&witness["file"], &witness["name"], &witness["line"]), (&json!(1), &Value::Null, &json!(3)));
    assert!(patients["rules"].as_array().unwrap().iter().any(|r| r["element"] == "Patient.name"), "{patients}");
    let row = &result["resources"][0]["profiles"][0];
    assert_eq!((&row["status"], &row["why"][0]), (&json!("refuted"), &json!("observed-failure")));
    // The laboratory results speak by their category; without a claim of the server they make it partial.
    let labs = evidence(&result, 1);
    assert_eq!((&labs["speaking"], &labs["failed"], &labs["outside"]), (&json!(2), &json!(0), &json!(0)));
    let row = &result["resources"][1]["profiles"][0];
    assert_eq!((&row["status"], &row["why"][0]), (&json!("partial"), &json!("observed-only")));
    run("html");
    // What is logged, and what is kept beside the images for the next process.
    // Images hold codes of the specification: beside it stands what is kept with an answer that has no values.
    let nothing = path(&files, "nothing.json");
    let with_nothing = [&arguments[..6], &[nothing.as_str()]].concat();
    let (seen, plain) = (logged_and_kept(&arguments), logged_and_kept(&with_nothing));
    let (_, found) = leak::leaked(all.iter(), &seen, &plain);
    assert!(found.is_empty(), "{found:?}");
    for secret in ["FamilyA1", "FamilyC3", "mrn-B2", "id-C3", "Okafor", "Nobuko", "hospital.test", "91.5", "17.25"] {
        assert!(!seen.contains(secret), "`{secret}`");
    }
    let text = run("text").out;
    assert!(text.contains("observed answers: 7 resources in 3 files; 2 lines"), "{text}");
    assert!(text.contains("1 of 3 fail"), "{text}");
}

#[test]
fn success_lowers_no_rank_and_silence_changes_nothing() {
    let [client, server] = sides();
    let good = lines(&[patient("A1", true)]);
    let files = folder(&[
        ("c.json", client.to_string().as_bytes()),
        ("s.json", server.to_string().as_bytes()),
        ("good.ndjson", good.as_bytes()),
        ("other.ndjson", b"{\"resourceType\": \"Goal\"}\n"),
        ("empty/x.txt", b""),
    ]);
    let (c, s) = (path(&files, "c.json"), path(&files, "s.json"));
    let status = |observed: &str| {
        let file = path(&files, observed);
        let arguments = ["negotiate", "--client", &c, "--server", &s, "--format", "json", "--observed", &file];
        let result = accord(&arguments).ended(0).json();
        (result["resources"][0]["profiles"][0]["status"].clone(), evidence(&result, 0)["speaking"].clone())
    };
    assert_eq!(status("good.ndjson"), (json!("proven"), json!(1)));
    assert_eq!(status("other.ndjson"), (json!("proven"), Value::Null));
    let empty = path(&files, "empty");
    let refused = accord(&["negotiate", "--client", &c, "--server", &s, "--observed", &empty]).ended(3);
    assert!(refused.err.contains("has no instances"), "{}", refused.err);
    let old = json!({"resourceType": "Conformance", "kind": "instance", "fhirVersion": "1.0.2",
        "rest": [{"mode": "client", "resource": [{"type": "Patient"}]}]});
    let files = folder(&[("old.json", old.to_string().as_bytes()), ("good.ndjson", good.as_bytes())]);
    let (old, good) = (path(&files, "old.json"), path(&files, "good.ndjson"));
    let refused = accord(&["negotiate", "--client", &old, "--server", &s, "--observed", &good]).ended(3);
    assert!(refused.err.contains("R4"), "{}", refused.err);
}

/// Generated answers: all that are valid conform; without an element that is required each fails.
#[test]
fn generated_answers_are_counted() {
    let [client, server] = sides();
    let files = folder(&[("c.json", client.to_string().as_bytes()), ("s.json", server.to_string().as_bytes())]);
    let mut text = String::new();
    let (mut whole, mut broken) = (0, 0);
    for profile in [PATIENT, LAB] {
        let url = format!("{profile}|6.1.0");
        let made = accord(&["generate", &url, "--kind", "boundary", "--count", "12", "--seed", "5"]).ended(0);
        for (i, mut instance) in made.lines().into_iter().enumerate() {
            instance["meta"]["profile"] = json!([url]);
            let required = if profile == PATIENT { "gender" } else { "code" };
            if i % 3 == 2 {
                instance.as_object_mut().unwrap().remove(required);
                broken += usize::from(profile == PATIENT);
            }
            whole += usize::from(profile == PATIENT);
            text.push_str(&format!("{instance}\n"));
        }
    }
    assert!(whole > 6 && broken > 1);
    fs::write(files.path().join("made.ndjson"), text).unwrap();
    let (c, s, made) = (path(&files, "c.json"), path(&files, "s.json"), path(&files, "made.ndjson"));
    let arguments = ["negotiate", "--client", &c, "--server", &s, "--observed", &made, "--format", "json"];
    let result = accord(&arguments).ended(0).json();
    let patients = evidence(&result, 0);
    assert_eq!((&patients["speaking"], &patients["failed"]), (&json!(whole), &json!(broken)), "{patients}");
    assert_eq!(patients["witness"]["line"], 3);
    assert_eq!(patients["rules"][0]["element"], "Patient.gender");
    assert_eq!(patients["rules"][0]["instances"], json!(broken));
}

/// Names of properties and of files come from whoever made the answers: they are values, too.
#[test]
fn names_are_values_too() {
    let [client, server] = sides();
    let bad = |member: &str| json!({"resourceType": "Patient", "meta": {"profile": [PATIENT]}, member: {"a": 1}});
    let escaped = format!(
        r#"{{"resourceType":"Patient","meta":{{"profile":["{PATIENT}"]}},"name":[{{"family":"\u0041d\u00e1n"}}]}}"#
    );
    let of_li = json!({"resourceType": "Patient", "meta": {"profile": [PATIENT]}, "name": [{"family": "Li"}]});
    let cases = [
        ("one.ndjson", bad("Okafor").to_string(), "Okafor"),
        ("two.ndjson", bad("okafor").to_string(), "okafor"),
        ("Adán.ndjson", escaped.clone(), "Adán"),
        ("ADAN.ndjson", escaped.replace("\\u00e1", "a"), "ADAN"),
        ("Li.ndjson", of_li.to_string(), "Li."),
    ];
    for (name, text, secret) in cases {
        let files = folder(&[
            ("c.json", client.to_string().as_bytes()),
            ("s.json", server.to_string().as_bytes()),
            (name, text.as_bytes()),
        ]);
        let (c, s, made) = (path(&files, "c.json"), path(&files, "s.json"), path(&files, name));
        let run = accord(&["negotiate", "--client", &c, "--server", &s, "--observed", &made, "--format", "json"]);
        let run = run.ended(0);
        assert_eq!(evidence(&run.json(), 0)["failed"], 1, "{name}");
        let told = evidence(&run.json(), 0).to_string();
        assert!(!told.contains(secret) && !run.err.contains(secret), "{name}: {told}");
    }
}
