//! JSON around resources: CDS Hooks and SMART Health Cards are recognised, and the resources in them judged.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::support::{accord_reading, issues, verdict};

fn found(text: &str) -> (String, Vec<String>) {
    let run = accord_reading(text.as_bytes(), &["validate", "-", "--format", "json"]);
    (verdict(&run.json()).to_owned(), issues(&run.json()))
}

/// The call of a hook, with what it has beside the instance's number.
fn request(members: &str) -> (String, Vec<String>) {
    found(&format!(r#"{{"hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",{members}}}"#))
}

/// A card whose payload has this issuer and FHIR version, and a Bundle with this patient.
fn card(issuer: &str, version: &str, patient: &str) -> String {
    let payload = format!(
        r#"{{"iss":"{issuer}","nbf":1620992383.2,"vc":{{"type":["https://smarthealth.cards#health-card"],
        "credentialSubject":{{"fhirVersion":"{version}","fhirBundle":{{"resourceType":"Bundle","type":"collection",
        "entry":[{{"fullUrl":"resource:0","resource":{{"resourceType":"Patient",{patient}}}}}]}}}}}}}}"#
    );
    let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    deflated.write_all(payload.as_bytes()).unwrap();
    let parts = [&br#"{"alg":"ES256","zip":"DEF","kid":"a"}"#[..], &deflated.finish().unwrap(), b"signature"];
    let signature = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    format!(r#"{{"verifiableCredential":["{signature}"]}}"#)
}

#[test]
fn a_call_of_a_hook_and_the_resources_in_it() {
    let context = r#""context":{"userId":"Practitioner/a","patientId":"b"}"#;
    let good = format!(r#""hook":"patient-view",{context},"prefetch":{{"a":null,"b":{{"resourceType":"Patient"}}}}"#);
    assert_eq!(request(&good).0, "valid");
    let bad = good.replace(r#""resourceType":"Patient""#, r#""resourceType":"Patient","gender":"x""#);
    let gender = "error binding-required CDSHooksRequest.prefetch.b.gender";
    assert_eq!(request(&bad), ("invalid".to_owned(), vec![gender.to_owned()]));
    let bundle = format!(r#""hook":"order-sign",{context}"#);
    assert_eq!(request(&bundle).1, ["error envelope-member CDSHooksRequest.context"]);
}

#[test]
fn resources_where_nothing_is_demanded_are_judged_too() {
    let own = r#""hook":"own-hook","context":{"deep":[{"er":{"resourceType":"Patient","birthDate":"x"}}]}"#;
    let date = "error primitive-format CDSHooksRequest.context.deep[0].er.birthDate";
    assert_eq!(request(own).1, [date]);
}

#[test]
fn a_health_card_is_opened() {
    assert_eq!(found(&card("https://a.test", "4.0.1", r#""active":true"#)).0, "valid");
    let (bundle, subject) = ("fhirBundle.entry[0].resource", "HealthCardCredential.payload.vc.credentialSubject");
    assert_eq!(
        found(&card("http://a.test", "4.0.1", r#""active":"yes""#)).1,
        [
            "error envelope-value HealthCardCredential.payload.iss".to_owned(),
            format!("error primitive-lexeme {subject}.{bundle}.active")
        ]
    );
    let other = card("https://a.test", "3.0.2", r#""active":true"#);
    assert_eq!(found(&other).0, "undetermined", "a card of another FHIR version");
}

#[test]
fn a_card_that_cannot_be_opened_is_invalid() {
    let (verdict, issues) = found(r#"{"verifiableCredential":["eyJ.!.a"]}"#);
    assert_eq!((verdict.as_str(), issues.len()), ("invalid", 2), "{issues:?}");
}
