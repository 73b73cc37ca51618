//! `accord hl7`, `accord validate`: domains of extensions, profiles of entries, the settings of a project, a page.

use crate::support::{accord, folder, path};

const US_CORE: [&str; 7] = ["hl7", "-version", "4.0.1", "-ig", "hl7.fhir.us.core#6.1.0", "-tx", "n/a"];
const PATIENT: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";

fn hl7(more: &[&str]) -> crate::support::Run {
    accord(&[&US_CORE[..], &["-no-accord-config", "-level", "errors"], more].concat())
}

#[test]
fn extensions_of_a_domain_are_let_in() {
    let text =
        br#"{"resourceType":"Basic","code":{"text":"x"},"extension":[{"url":"https://a.test/x","valueCode":"y"}],
        "modifierExtension":[{"url":"https://a.test/m","valueBoolean":true}]}"#;
    let dir = folder(&[("a.json", text)]);
    let file = path(&dir, "a.json");
    assert!(hl7(&[&file]).ended(1).out.contains("*FAILURE*: 2 errors"));
    hl7(&[&file, "-extension", "https://b.test/", "-extension", "https://a.test/"]).ended(0);
    assert!(hl7(&[&file, "-extension", "https://a.test/m"]).ended(1).out.contains("*FAILURE*: 1 errors"));
    hl7(&[&file, "-extension", "any"]).ended(0);
    assert!(hl7(&[&file, "-extension", "https://"]).ended(3).err.contains("is no domain"));
}

const BUNDLE: &[u8] = br#"{"resourceType":"Bundle","type":"collection","entry":[
    {"fullUrl":"urn:uuid:0e3dbf4f-6d8e-4b6c-8f0c-6d0d5c1a0001","resource":{"resourceType":"Patient","active":true}},
    {"fullUrl":"urn:uuid:0e3dbf4f-6d8e-4b6c-8f0c-6d0d5c1a0002","resource":{"resourceType":"Basic","code":{"text":"x"}}},
    {"fullUrl":"urn:uuid:0e3dbf4f-6d8e-4b6c-8f0c-6d0d5c1a0003","resource":{"resourceType":"Patient","active":true}}]}"#;

#[test]
fn entries_of_a_bundle_are_held_against_profiles() {
    let dir = folder(&[("b.json", BUNDLE), ("p.json", br#"{"resourceType":"Patient","active":true}"#)]);
    let (bundle, patient) = (path(&dir, "b.json"), path(&dir, "p.json"));
    hl7(&[&bundle]).ended(0);
    // Of what the profile asks for, identifier, name and gender are missing in each.
    for (rule, first, last) in [("Patient", true, true), ("Patient:1", false, true), ("0", true, false)] {
        let run = hl7(&[&bundle, "-bundle", rule, PATIENT]).ended(1);
        assert_eq!(run.out.contains("Bundle.entry[0].resource"), first, "{rule}: {run:?}");
        assert_eq!(run.out.contains("Bundle.entry[2].resource"), last, "{rule}: {run:?}");
    }
    for rule in ["Patient:2", "3", "Group"] {
        hl7(&[&bundle, "-bundle", rule, PATIENT]).ended(0);
    }
    assert!(hl7(&[&bundle, "-bundle", "1", PATIENT]).ended(1).out.contains("us-core-patient"));
    hl7(&[&patient, "-bundle", "Patient", PATIENT]).ended(0);
    let unknown = hl7(&[&bundle, "-bundle", "Patient", "http://nowhere.test/p"]).ended(3);
    assert!(unknown.err.contains("nowhere.test"), "{unknown:?}");
    let own = ["validate", &bundle, "--package", "hl7.fhir.us.core#6.1.0", "--no-config", "--entry-profile"];
    let run = accord(&[&own[..], &[&format!("Patient:1={PATIENT}")]].concat()).ended(1);
    assert!(run.out.contains("Bundle.entry[2].resource") && !run.out.contains("Bundle.entry[0].resource"), "{run:?}");
    accord(&[&own[..], &["Patient"]].concat()).ended(3);
}

#[test]
fn settings_of_a_project_are_in_force_and_can_be_left_out() {
    let settings = format!(
        "[levels]\nelement-unknown = \"warning\"\n[[suppressions]]\nrule = \"primitive-format\"\nreason = \"old\"\n\
         [[profiles]]\npath = \"us/*.json\"\nprofiles = [\"{PATIENT}\"]\n"
    );
    let text = br#"{"resourceType":"Patient","gendr":"male","birthDate":"yesterday"}"#;
    let dir = folder(&[("accord.toml", settings.as_bytes()), ("a.json", text), ("us/a.json", text)]);
    let (file, of_path, config) = (path(&dir, "a.json"), path(&dir, "us/a.json"), path(&dir, "accord.toml"));
    let run = |more: &[&str]| accord(&[&US_CORE[..], &["-accord-config", &config], more].concat());
    let told = run(&[&file]).ended(0);
    assert!(
        told.out.contains("Warning @ Patient (line 1, col1): unknown property `gendr`")
            && !told.out.contains("birthDate"),
        "{told:?}"
    );
    assert!(told.out.contains("settings: "), "{told:?}");
    assert!(run(&[&of_path]).ended(1).out.contains("identifier"));
    assert!(hl7(&[&file]).ended(1).out.contains("birthDate"));
}

#[test]
fn a_page_is_written_beside_the_result() {
    let dir = folder(&[("a.json", br#"{"resourceType":"Patient","gender":"<accord>"}"#)]);
    let page = path(&dir, "o.html");
    let run = hl7(&[&path(&dir, "a.json"), "-html-output", &page]).ended(1);
    assert!(run.out.starts_with("*FAILURE*: 1 errors"), "{run:?}");
    let html = std::fs::read_to_string(&page).unwrap();
    assert!(html.contains("id=\"rule-binding-required\"") && html.contains("&#60;accord&#62;"), "{html}");
    assert!(!html.contains("<accord>"), "{html}");
}
