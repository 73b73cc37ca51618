//! References, canonicals and claims of profiles.

use serde_json::{Value, json};

use super::Kind;
use super::arrays::reason;
use crate::random::Random;
use crate::sites::{Made, Site, change, has, text_is, whole};

pub const KINDS: &[Kind] = &[
    ("reference-form", reference_form),
    ("reference-type", reference_type),
    ("reference-contained", reference_contained),
    ("reference-type-element", reference_type_element),
    ("reference-logical", reference_logical),
    ("canonical-form", canonical_form),
    ("claim-other-type", claim_other_type),
    ("claim-form", claim_form),
];

fn is_reference(site: &Site<'_>) -> bool {
    site.name == "reference" && text_is(site, |t| t.contains('/') || t.starts_with('#') || t.starts_with("urn:"))
}

fn reference_form(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_reference, |v, random| {
        let old = v.as_str()?;
        let long = "x".repeat(70);
        let name = old.rsplit('/').nth(1).unwrap_or("Patient");
        let forms = [
            format!("{old}/"),
            format!("{old}/_history/1"),
            format!("{old}/_history/"),
            format!("{old}/_history"),
            format!("{old}?name=x"),
            format!("{old}#part"),
            format!("{old}|1.0"),
            format!("/{old}"),
            format!("./{old}"),
            format!("../{old}"),
            format!(" {old}"),
            format!("{old} "),
            old.to_lowercase(),
            name.to_owned(),
            format!("{name}/"),
            format!("{name}?identifier=x"),
            format!("{name}//1"),
            format!("{name}/a b"),
            format!("{name}/{long}"),
            format!("{name}/a_b"),
            format!("http://example.org/{name}/1"),
            format!("https://example.org/fhir/{name}/1/_history/2"),
            format!("HTTP://example.org/{name}/1"),
            "http://example.org".to_owned(),
            "urn:uuid:9f1b2c8e-0000-4000-8000-000000000000".to_owned(),
            "urn:uuid:9F1B2C8E-0000-4000-8000-000000000000".to_owned(),
            "urn:uuid:1".to_owned(),
            "urn:uuid:".to_owned(),
            "urn:oid:1.2.3".to_owned(),
            "urn:oid:1.02.3".to_owned(),
            "urn:oid:x".to_owned(),
            "urn:x:y".to_owned(),
            "mailto:a@example.org".to_owned(),
            "text".to_owned(),
            "?".to_owned(),
            "Unicorn/1".to_owned(),
            "http://example.org/Unicorn/1".to_owned(),
            "ftp://example.org/x".to_owned(),
            "1".to_owned(),
            "a b".to_owned(),
        ];
        let form = random.one(&forms)?.clone();
        let note = format!("`{form}`");
        *v = Value::String(form);
        Some(note)
    })
}

const TYPES: [&str; 14] = [
    "Medication",
    "Device",
    "Location",
    "Binary",
    "Bundle",
    "Parameters",
    "OperationOutcome",
    "Organization",
    "Practitioner",
    "Observation",
    "Group",
    "Encounter",
    "ValueSet",
    "Linkage",
];

fn reference_type(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_reference, |v, random| {
        let form = format!("{}{}/1", random.one(&["", "http://example.org/fhir/"])?, random.one(&TYPES)?);
        let note = format!("`{form}`");
        *v = Value::String(form);
        Some(note)
    })
}

fn reference_contained(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_reference, |v, random| {
        let form = (*random.one(&["#absent", "#", "##a", "#a b", "# ", "#/contained/0", "#Patient/1"])?).to_owned();
        let note = format!("`{form}`");
        *v = Value::String(form);
        Some(note)
    })
}

fn reference_type_element(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| has(s, "reference"),
        |v, random| {
            let all = [
                "Medication",
                "Patient",
                "unicorn",
                "Unicorn",
                "patient",
                "http://hl7.org/fhir/StructureDefinition/Patient",
                "Resource",
                "DomainResource",
                "HumanName",
                "string",
                "http://example.org/x",
                "",
                "Patient|4.0.1",
                "a b",
            ];
            let form = random.one(&all)?;
            v.as_object_mut()?.insert("type".to_owned(), json!(form));
            Some(format!("type `{form}`"))
        },
    )
}

fn reference_logical(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| has(s, "reference"),
        |v, random| {
            let forms = [
                json!({"identifier": {"value": "1"}}),
                json!({"identifier": {"system": "x", "value": "1"}}),
                json!({"identifier": [{"value": "1"}]}),
                json!({"identifier": "1"}),
                json!({"display": "text"}),
                json!({"type": "Patient"}),
                json!({"id": "a"}),
                json!({"display": ""}),
                json!("Patient/1"),
                json!({"reference": {"reference": "Patient/1"}}),
                json!({"identifier": {"system": "http://example.org/ids"}}),
                json!({"identifier": {"system": "urn:ietf:rfc:3986", "value": "text"}}),
                json!({"resource": "Patient/1"}),
                json!({"identifier": {"system": "urn:oid:1.2.3", "value": "1", "use": "official"}}),
                reason(),
            ];
            let form = random.one(&forms)?.clone();
            let note = form.to_string();
            *v = form;
            Some(note)
        },
    )
}

fn canonical_form(base: &Value, random: &mut Random) -> Option<Made> {
    let names = [
        "url",
        "system",
        "profile",
        "valueSet",
        "instantiatesCanonical",
        "questionnaire",
        "derivedFrom",
        "definition",
        "baseDefinition",
        "library",
        "instantiatesUri",
        "source",
        "valueUri",
        "valueCanonical",
        "library",
        "type",
    ];
    let wanted =
        |s: &Site<'_>| names.contains(&s.name) && text_is(s, |t| t.contains(':')) && !s.way.contains("xtension");
    change(base, random, wanted, |v, random| {
        let old = v.as_str()?;
        let forms = [
            format!("{old}|1.0.0"),
            format!("{old}|"),
            format!("{old}||1"),
            format!("{old}|1|2"),
            format!("{old}#part"),
            format!("{old}/"),
            format!(" {old}"),
            format!("{old} "),
            format!("{old}\n"),
            old.replace("http:", "https:"),
            old.replace("http://", "http:/"),
            old.replace("://", ":/ /"),
            old.to_uppercase(),
            "text".to_owned(),
            "#contained".to_owned(),
            "urn:oid:1.2".to_owned(),
            "urn:oid:4.2".to_owned(),
            "urn:uuid:x".to_owned(),
            "http://".to_owned(),
            "http:".to_owned(),
            "://x".to_owned(),
            "http://exa mple.org".to_owned(),
            "http://example.org/{x}".to_owned(),
            "http://example.org/%zz".to_owned(),
            "http://example.org/ä".to_owned(),
            "http://example.org/<x>".to_owned(),
            "http://example.org/x\\y".to_owned(),
            "ValueSet/1".to_owned(),
        ];
        let form = random.one(&forms)?.clone();
        let note = format!("`{form}`");
        *v = Value::String(form);
        Some(note)
    })
}

fn claim(base: &Value, profiles: Value, note: String) -> Option<Made> {
    whole(base, |o| {
        let old = o.shift_remove("meta").unwrap_or_else(|| json!({}));
        let mut meta = old.as_object()?.clone();
        meta.insert("profile".to_owned(), profiles);
        let place = usize::from(o.contains_key("id")) + 1;
        o.shift_insert(place.min(o.len()), "meta".to_owned(), Value::Object(meta));
        Some(note)
    })
}

fn claim_other_type(base: &Value, random: &mut Random) -> Option<Made> {
    let own = base.get("resourceType")?.as_str()?;
    let all = [
        "Patient",
        "Observation",
        "vitalsigns",
        "bmi",
        "Resource",
        "DomainResource",
        "HumanName",
        "string",
        "Extension",
        "Bundle",
        "cholesterol",
        "lipidprofile",
        "BackboneElement",
        "data-absent-reason",
        "shareablevalueset",
        "Element",
        "catalog",
        "clinicaldocument",
        "Quantity",
        own,
    ];
    let url = format!("http://hl7.org/fhir/StructureDefinition/{}", random.one(&all)?);
    claim(base, json!([url]), format!("claims {url}"))
}

fn claim_form(base: &Value, random: &mut Random) -> Option<Made> {
    let own = format!("http://hl7.org/fhir/StructureDefinition/{}", base.get("resourceType")?.as_str()?);
    let forms = [
        json!([format!("{own}|4.0.1")]),
        json!([format!("{own}|4.0")]),
        json!([format!("{own}|9.9.9")]),
        json!([format!("{own}|")]),
        json!([own.clone(), own.clone()]),
        json!(own),
        json!(["StructureDefinition/x"]),
        json!(["#x"]),
        json!([""]),
        json!(["http://example.org/StructureDefinition/absent"]),
        json!([null]),
        json!([format!("{own}#x")]),
        json!([format!("{own}/")]),
        json!([own.to_lowercase()]),
        json!([]),
        json!(["http://hl7.org/fhir/ValueSet/observation-codes"]),
        json!(["text"]),
        json!(["urn:uuid:x"]),
        json!([3]),
        json!([format!("{own}|4.0.1"), own]),
        json!(["http://hl7.org/fhir/StructureDefinition/nothing-of-this-name"]),
    ];
    let form = random.one(&forms)?.clone();
    claim(base, form.clone(), format!("claims {form}"))
}
