//! Instances, and the verdicts that the command line gives them.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::common;

/// Bodies up to this size count as small.
pub const SMALL_BYTES: usize = 8 << 10;

/// A body with the verdict that was established beforehand.
pub struct Instance {
    pub body: Vec<u8>,
    pub verdict: String,
}

/// What is sent.
pub struct Corpus {
    pub small: Vec<Instance>,
    pub large: Vec<Instance>,
    pub invalid: Vec<Instance>,
    /// In the order of [`crate::hostile::bodies`].
    pub hostile: Vec<Instance>,
}

/// A Bundle of these, none of which may be looked up by others.
pub fn bundle<'a>(entries: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = br#"{"resourceType":"Bundle","type":"collection","entry":["#.to_vec();
    for (i, entry) in entries.enumerate() {
        out.extend_from_slice(if i == 0 { b"" } else { b"," });
        out.extend_from_slice(
            format!(r#"{{"fullUrl":"urn:uuid:00000000-0000-4000-8000-{i:012x}","resource":"#).as_bytes(),
        );
        out.extend_from_slice(entry);
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
    out
}

/// A Patient of about 3 KB.
fn patient(i: usize) -> Vec<u8> {
    let line = format!("Line {i}: no known allergies, seen for a routine visit, no complaints. ").repeat(24);
    let div = format!(r#"<div xmlns="http://www.w3.org/1999/xhtml"><p>{line}</p></div>"#);
    json!({
        "resourceType": "Patient",
        "id": format!("p{i}"),
        "text": {"status": "generated", "div": div},
        "identifier": [{"system": "http://hospital.test/ids", "value": i.to_string()}],
        "active": true,
        "name": [{"family": "Fall", "given": ["Ann", i.to_string()]}],
        "gender": "female",
        "birthDate": format!("1970-01-{:02}", i % 28 + 1),
        "address": [{"line": ["1 Road"], "city": "Town"}]
    })
    .to_string()
    .into_bytes()
}

/// Other resources of the size that most have.
fn others(i: usize) -> Vec<Vec<u8>> {
    let narrative = |text: &str| {
        let div = format!(r#"<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>"#);
        json!({"status": "generated", "div": div})
    };
    let loinc =
        |code: &str, shown: &str| json!({"coding": [{"system": "http://loinc.org", "code": code, "display": shown}]});
    let number = |value: usize| json!({"value": value, "system": "http://unitsofmeasure.org", "code": "mm[Hg]"});
    let all = [
        json!({"resourceType": "Observation", "id": format!("o{i}"), "text": narrative("Blood pressure"),
            "status": "final", "code": loinc("85354-9", "Blood pressure panel with all children optional"),
            "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                "code": "vital-signs"}]}],
            "subject": {"reference": format!("Patient/p{i}")},
            "effectiveDateTime": format!("2026-01-{:02}", i % 28 + 1),
            "performer": [{"reference": "Practitioner/a"}],
            "component": [
                {"code": loinc("8480-6", "Systolic blood pressure"), "valueQuantity": number(110 + i)},
                {"code": loinc("8462-4", "Diastolic blood pressure"), "valueQuantity": number(70 + i)}]}),
        json!({"resourceType": "Condition", "id": format!("c{i}"), "text": narrative("Asthma"),
            "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                "code": "active"}]},
            "code": {"text": "Asthma"}, "subject": {"reference": format!("Patient/p{i}")},
            "onsetDateTime": format!("201{}-01-05", i % 10)}),
        json!({"resourceType": "Encounter", "id": format!("e{i}"), "text": narrative("A visit"), "status": "finished",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
            "subject": {"reference": format!("Patient/p{i}")},
            "period": {"start": "2026-01-02T10:00:00Z", "end": format!("2026-01-02T11:{:02}:00Z", i % 60)}}),
    ];
    all.iter().map(|resource| resource.to_string().into_bytes()).collect()
}

/// What is wrong with a variant of a valid instance.
fn broken(text: &str) -> Vec<String> {
    let mut out = vec![text.replacen('{', r#"{"unknownMember":1,"#, 1)];
    for (from, to) in [
        (r#""status":"final""#, r#""status":"finished""#),
        (r#""gender":"female""#, r#""gender":"woman""#),
        (r#""gender":"male""#, r#""gender":["male"]"#),
        (r#"-01-"#, r#"-13-"#),
        (r#""subject""#, r#""subjects""#),
    ] {
        if text.contains(from) {
            out.push(text.replacen(from, to, 1));
        }
    }
    out
}

/// The verdicts of the command line, line by line.
fn judge(accord: &Path, bodies: Vec<Vec<u8>>, folder: &Path) -> Vec<Instance> {
    let file = folder.join("instances.ndjson");
    let mut out = std::fs::File::create(&file).unwrap();
    for body in &bodies {
        assert!(!body.contains(&b'\n'), "an instance of several lines");
        out.write_all(body).unwrap();
        out.write_all(b"\n").unwrap();
    }
    drop(out);
    let run = Command::new(accord)
        .args(["validate", "--ndjson", "--format", "ndjson", "--package", common::GUIDE])
        .arg(&file)
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let verdicts: Vec<String> = String::from_utf8(run.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["verdict"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(verdicts.len(), bodies.len(), "{}", run.status);
    std::fs::remove_file(file).unwrap();
    bodies.into_iter().zip(verdicts).map(|(body, verdict)| Instance { body, verdict }).collect()
}

impl Corpus {
    /// Makes the instances and has them judged.
    pub fn make(accord: &Path, folder: &Path) -> Self {
        let mut candidates = common::instances();
        candidates.extend((0..20).map(patient));
        candidates.extend((0..20).flat_map(others));
        let judged = judge(accord, candidates, folder);
        let mut valid: Vec<Instance> = judged.into_iter().filter(|i| i.verdict == "valid").collect();
        let small = |i: &Instance| i.body.len() <= SMALL_BYTES;
        let broken: Vec<Vec<u8>> = valid
            .iter()
            .filter(|i| small(i))
            .flat_map(|i| broken(std::str::from_utf8(&i.body).unwrap()))
            .map(String::into_bytes)
            .collect();
        let invalid = judge(accord, broken, folder).into_iter().filter(|i| i.verdict == "invalid").collect();
        let patients: Vec<Vec<u8>> = (0..200).map(patient).collect();
        let bundles = [5, 20, 60, 200].map(|n| bundle(patients.iter().take(n).map(Vec::as_slice)));
        valid.extend(judge(accord, bundles.into(), folder));
        let hostile = judge(accord, crate::hostile::bodies(&patients[0]), folder);
        let (small, large) = valid.into_iter().partition(small);
        let out = Self { small, large, invalid, hostile };
        assert!(!out.small.is_empty() && !out.large.is_empty() && !out.invalid.is_empty(), "nothing to send");
        out
    }

    /// How many instances there are, as the report tells.
    pub fn told(&self) -> String {
        let sizes = |all: &[Instance]| {
            let mut sizes: Vec<usize> = all.iter().map(|i| i.body.len()).collect();
            sizes.sort_unstable();
            format!("{} to {} bytes", sizes[0], sizes[sizes.len() - 1])
        };
        let valid: Vec<&Instance> = self.small.iter().chain(&self.large).collect();
        let undetermined = valid.iter().filter(|i| i.verdict != "valid").count();
        assert_eq!(undetermined, 0, "large instances that are not valid");
        let mut types: Vec<&str> = self.small.iter().filter_map(|i| kind(&i.body)).collect();
        types.sort_unstable();
        types.dedup();
        format!(
            "{} valid ones of {} types ({}), {} larger valid ones ({}), {} invalid ones",
            self.small.len(),
            types.len(),
            sizes(&self.small),
            self.large.len(),
            sizes(&self.large),
            self.invalid.len()
        )
    }
}

fn kind(body: &[u8]) -> Option<&str> {
    std::str::from_utf8(body).ok()?.split("\"resourceType\":\"").nth(1)?.split('"').next()
}
