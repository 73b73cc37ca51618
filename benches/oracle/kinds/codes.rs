//! Codes, codings and concepts.

use serde_json::{Value, json};

use super::Kind;
use crate::random::Random;
use crate::sites::{Made, Site, change, has, with};

pub const KINDS: &[Kind] = &[
    ("code-case", code_case),
    ("coding-system", coding_system),
    ("coding-parts", coding_parts),
    ("coding-version", coding_version),
    ("coding-display", coding_display),
    ("coding-selected-twice", selected_twice),
    ("codings-crossed", codings_crossed),
    ("concept-form", concept_form),
];

fn is_coding(site: &Site<'_>) -> bool {
    has(site, "code")
        && has(site, "system")
        && !has(site, "value")
        && site.value.get("code").is_some_and(Value::is_string)
}

fn code_case(base: &Value, random: &mut Random) -> Option<Made> {
    let names =
        ["code", "status", "use", "gender", "kind", "type", "intent", "priority", "mode", "currency", "valueCode"];
    change(
        base,
        random,
        |s| names.contains(&s.name) && s.value.is_string(),
        |v, random| {
            let old = v.as_str()?;
            let first = old.chars().next()?;
            let rest = old.get(first.len_utf8()..)?;
            let forms = [
                old.to_uppercase(),
                old.to_lowercase(),
                format!("{}{rest}", first.to_uppercase()),
                format!("{}{rest}", first.to_lowercase()),
            ];
            let form = random.one(&forms)?.clone();
            if form == old {
                return None;
            }
            let note = format!("`{form}`");
            *v = Value::String(form);
            Some(note)
        },
    )
}

fn coding_system(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_coding, |v, random| {
        let old = v.get("system")?.as_str()?.to_owned();
        let forms = [
            format!("{old}/"),
            old.replace("http:", "https:"),
            old.replace("/CodeSystem/", "/ValueSet/"),
            old.to_uppercase(),
            "http://loinc.org".to_owned(),
            "http://snomed.info/sct".to_owned(),
            "http://unitsofmeasure.org".to_owned(),
            "urn:oid:2.16.840.1.113883.6.1".to_owned(),
            "LOINC".to_owned(),
            "http://loinc.org/".to_owned(),
            "".to_owned(),
            "http://hl7.org/fhir/administrative-gender".to_owned(),
            "http://hl7.org/fhir/sid/icd-10".to_owned(),
            "urn:ietf:bcp:47".to_owned(),
            "urn:iso:std:iso:3166".to_owned(),
            "http://example.org/codes".to_owned(),
            "http://hl7.org/fhir/ValueSet/administrative-gender".to_owned(),
            "http://hl7.org/fhir/v3/ActCode".to_owned(),
            "http://terminology.hl7.org/CodeSystem/absent".to_owned(),
            "http://snomed.info/id".to_owned(),
            format!("{old}|1"),
            "http://hl7.org/fhir/v2/0203".to_owned(),
            "http://terminology.hl7.org/CodeSystem/v3-ActCode".to_owned(),
            "2.16.840.1.113883.6.1".to_owned(),
            "http://www.nlm.nih.gov/research/umls/rxnorm".to_owned(),
        ];
        let form = random.one(&forms)?.clone();
        let note = format!("system `{form}`");
        v.as_object_mut()?.insert("system".to_owned(), json!(form));
        Some(note)
    })
}

fn coding_parts(base: &Value, random: &mut Random) -> Option<Made> {
    let none = Value::Null;
    with(
        base,
        random,
        is_coding,
        &[
            &[("system", none.clone())],
            &[("code", none.clone())],
            &[("system", none.clone()), ("code", none.clone())],
            &[("system", none.clone()), ("code", none.clone()), ("display", json!("text"))],
            &[("code", json!(""))],
            &[("display", json!(""))],
            &[("code", json!(3))],
            &[("code", none), ("version", json!("1"))],
            &[("display", json!("x".repeat(300)))],
            &[("code", json!("a,b"))],
            &[("code", json!("x".repeat(300)))],
        ],
    )
}

fn coding_version(base: &Value, random: &mut Random) -> Option<Made> {
    with(
        base,
        random,
        is_coding,
        &[
            &[("version", json!("9.9.9"))],
            &[("version", json!("4.0.1"))],
            &[("version", json!("text"))],
            &[("version", json!("4.0"))],
            &[("version", json!(""))],
            &[("version", json!(" 4.0.1"))],
            &[("version", json!("2.74"))],
            &[("version", json!("http://snomed.info/sct/900000000000207008"))],
        ],
    )
}

fn coding_display(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_coding, |v, random| {
        let old = v.get("display").and_then(Value::as_str).unwrap_or("text").to_owned();
        let forms = [
            old.to_uppercase(),
            format!("{old} "),
            format!(" {old}"),
            old.replace(' ', "  "),
            "Männlich".to_owned(),
            "性别".to_owned(),
            old.chars().rev().collect(),
            format!("{old}."),
            old.to_lowercase(),
            old.replace(' ', "\u{a0}"),
        ];
        let form = random.one(&forms)?.clone();
        let note = format!("display `{form}`");
        v.as_object_mut()?.insert("display".to_owned(), json!(form));
        Some(note)
    })
}

fn selected_twice(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| s.name == "coding" && s.value.is_array(),
        |v, random| {
            let entries = v.as_array_mut()?;
            if entries.len() == 1 {
                let mut other = entries.first()?.clone();
                other.as_object_mut()?.insert("system".to_owned(), json!("http://example.org/codes"));
                entries.push(other);
            }
            let chosen = random.one(&[json!(true), json!(false), json!("true"), json!(1)])?.clone();
            for entry in entries.iter_mut() {
                entry.as_object_mut()?.insert("userSelected".to_owned(), chosen.clone());
            }
            Some(format!("userSelected {chosen} in all"))
        },
    )
}

fn codings_crossed(base: &Value, random: &mut Random) -> Option<Made> {
    let sites: Vec<Value> = crate::sites::all(base).into_iter().filter(is_coding).map(|s| s.value.clone()).collect();
    let other = random.one(&sites)?.clone();
    change(base, random, is_coding, |v, _| {
        let code = other.get("code")?.clone();
        if v.get("code") == Some(&code) {
            return None;
        }
        v.as_object_mut()?.insert("code".to_owned(), code.clone());
        Some(format!("the code {code} of another one"))
    })
}

fn concept_form(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| has(s, "coding"),
        |v, random| {
            let coding = v.get("coding")?.clone();
            let first = coding.get(0)?.clone();
            let forms = [
                first.clone(),
                first.get("code").cloned().unwrap_or_default(),
                coding.clone(),
                json!({"text": "text"}),
                json!({"coding": first}),
                json!({"coding": coding, "text": ["text"]}),
                json!({"coding": [{}]}),
                json!({"coding": []}),
                json!({"coding": [{"display": "text"}]}),
                json!({"coding": [{"userSelected": true}]}),
                json!({"text": ""}),
                json!({"coding": [{"code": "text"}]}),
                json!({"coding": ["text"]}),
                json!({"text": {"value": "text"}}),
            ];
            let form = random.one(&forms)?.clone();
            let note = form.to_string().chars().take(120).collect();
            *v = form;
            Some(note)
        },
    )
}
