use serde_json::json;

use super::table;

const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";

#[test]
fn concepts_and_codings() {
    let observation = json!({"resourceType": "Observation", "status": "final",
        "meta": {"tag": [{"system": "http://t", "code": "a"}], "security": [{"code": "R"}]},
        "category": [{"coding": [{"system": CATEGORY, "code": "laboratory"}, {"code": "local"}]}, {"text": "words"}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "1-1"}, {"system": "http://x"}]}});
    let labs = format!("category={CATEGORY}|laboratory");
    table(
        &observation,
        &[
            (&labs, 'y'),
            (&format!("category={CATEGORY}%7Claboratory"), 'y'),
            (&format!("category={CATEGORY}|vital-signs"), 'n'),
            (&format!("category={CATEGORY}|vital-signs,{CATEGORY}|laboratory"), 'y'),
            ("category=laboratory", 'y'),
            ("category=Laboratory", '?'),
            ("category=http://other|laboratory", 'n'),
            ("category=|laboratory", 'n'),
            ("category=|local", 'y'),
            ("category=local", 'y'),
            (&format!("category={CATEGORY}|local"), 'n'),
            (&format!("category={CATEGORY}|"), 'y'),
            ("category=http://other|", 'n'),
            ("category=words", 'n'),
            ("category=", '?'),
            ("category=|", '?'),
            ("category=a|b|c", '?'),
            (r"category=a\|b", 'n'),
            (r"category=a\b", '?'),
            ("category:not=laboratory", 'n'),
            ("category:not=vital-signs", 'y'),
            ("category:not=LABORATORY", '?'),
            ("category:not=vital-signs,laboratory", 'n'),
            ("category:text=words", '?'),
            ("category:in=http://v", '?'),
            ("category:not-in=http://v", '?'),
            ("category:above=laboratory", '?'),
            ("category:below=laboratory", '?'),
            ("category:missing=false", 'y'),
            ("category:missing=true", 'n'),
            ("category:missing=maybe", '?'),
            ("code=http://loinc.org|1-1", 'y'),
            ("code=http://x|", 'y'),
            ("code=http://x|y", 'n'),
            ("_tag=http://t|a", 'y'),
            ("_tag=b", 'n'),
            ("_tag:not=b", 'y'),
            ("_security=|R", 'y'),
            ("_security=http://t|R", 'n'),
            ("method=x", 'n'),
            ("method:not=x", 'y'),
            ("method:missing=true", 'y'),
            (&format!("{labs}&code=1-1"), 'y'),
            (&format!("{labs}&code=2-2"), 'n'),
            (&format!("{labs}&code:in=http://v"), '?'),
            ("code=2-2&code:in=http://v", 'n'),
            ("code=1-1,2-2&code=2-2", 'n'),
        ],
    );
}

#[test]
fn codes_identifiers_and_contacts() {
    let patient = json!({"resourceType": "Patient", "id": "p", "gender": "male", "active": true,
        "identifier": [{"system": "http://i", "value": "1,2",
            "type": {"coding": [{"system": "http://k", "code": "MR"}]}}, {"value": "v"}],
        "telecom": [{"system": "phone", "value": "+1 (555) 010"}, {"system": "email", "value": "a@b.c"}]});
    table(
        &patient,
        &[
            ("gender=male", 'y'),
            ("gender=female", 'n'),
            ("gender=http://hl7.org/fhir/administrative-gender|male", '?'),
            ("gender=http://hl7.org/fhir/administrative-gender|female", 'n'),
            ("gender=|male", '?'),
            ("gender=http://hl7.org/fhir/administrative-gender|", '?'),
            ("gender:not=male", 'n'),
            ("gender:not=female", 'y'),
            ("active=true", 'y'),
            ("active=false", 'n'),
            ("active=http://terminology.hl7.org/CodeSystem/special-values|true", 'y'),
            ("active=http://x|true", '?'),
            ("_id=p", 'y'),
            ("_id=q", 'n'),
            ("_id=q,p", 'y'),
            ("_id=P", '?'),
            (r"identifier=http://i|1\,2", 'y'),
            ("identifier=http://i|1,2", 'n'),
            ("identifier=http://i|1%2C2", '?'),
            (r"identifier=1\,2", 'y'),
            ("identifier=|v", 'y'),
            ("identifier=http://i|", 'y'),
            (r"identifier:of-type=http://k|MR|1\,2", 'y'),
            ("identifier:of-type=http://k|MR|v", 'n'),
            (r"identifier:of-type=http://k|SS|1\,2", 'n'),
            ("identifier:of-type=http://k|MR", '?'),
            ("email=a@b.c", 'y'),
            ("email=x@b.c", 'n'),
            ("phone=a@b.c", 'n'),
            ("phone=%2B1%20(555)%20010", 'y'),
            ("phone=%2B1-555-010", '?'),
            ("phone=555", '?'),
            ("phone=999", 'n'),
            ("telecom=http://x|999", 'n'),
            ("deceased=false", 'y'),
            ("deceased=true", 'n'),
        ],
    );
    table(&json!({"resourceType": "Patient", "deceasedDateTime": "2020"}), &[("deceased=true", 'y')]);
    table(&json!({"resourceType": "Patient", "deceasedBoolean": false}), &[("deceased=true", 'n')]);
}

#[test]
fn parameters_of_guides_and_extensions() {
    let race = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
    let patient = json!({"resourceType": "Patient", "extension": [{"url": race, "extension": [
        {"url": "ombCategory", "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": "2106-3"}}]}]});
    table(&patient, &[("race=2106-3", 'y'), ("race=1002-5", 'n'), ("ethnicity=x", 'n'), ("nosuch=x", '?')]);
}
