use serde_json::json;

use super::*;

fn read_all(settings: Value) -> Result<Context, Vec<String>> {
    let Value::Object(settings) = settings else { panic!("expected an object") };
    read("cliContext", settings)
        .map_err(|faults| faults.into_iter().map(|f| format!("{} {}", f.pointer.unwrap_or_default(), f.text)).collect())
}

#[test]
fn what_inferno_sends_is_understood() {
    let context = read_all(json!({
        "sv": "4.0.1", "doNative": false, "extensions": ["any"], "disableDefaultResourceFetcher": true,
        "igs": ["hl7.fhir.us.core#6.1.0"], "txServer": "https://tx.example.org/r4", "displayWarnings": true,
        "noExtensibleBindingMessages": true, "allowExampleUrls": true, "profiles": ["http://a.test/p"]
    }));
    let context = context.unwrap();
    assert_eq!(context.version, Some(FhirVersion::R4));
    assert_eq!((context.packages.len(), context.profiles.len()), (1, 1));
    let chosen = &context.chosen;
    assert!(chosen.any_extension && chosen.example_urls && chosen.display_warnings && chosen.no_extensible);
}

#[test]
fn what_could_change_a_verdict_is_refused_by_name() {
    let faults = read_all(json!({"noInvariants": true, "bundleValidationRules": [{}], "a/b": 1})).unwrap_err();
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert!(faults.iter().any(|f| f.starts_with("/cliContext/noInvariants ")), "{faults:?}");
    assert!(faults.iter().any(|f| f.starts_with("/cliContext/a~1b ")), "{faults:?}");
    assert!(read_all(json!({"noInvariants": false, "bundleValidationRules": [], "a/b": null})).is_ok());
}

#[test]
fn values_of_a_wrong_kind_are_refused() {
    for settings in [
        json!({"sv": "9.9"}),
        json!({"sv": 4}),
        json!({"igs": "hl7.fhir.us.core#6.1.0"}),
        json!({"igs": ["igs/guide.tgz"]}),
        json!({"igs": ["https://a.test/guide"]}),
        json!({"igs": vec!["a#1"; 51]}),
        json!({"extensions": ["http://"]}),
        json!({"bundleValidationRules": [{"rule": "Patient:x", "profile": "http://a.test/p"}]}),
        json!({"bundleValidationRules": [{"rule": "Patient"}]}),
        json!({"allowExampleUrls": "yes"}),
        json!({"bestPracticeLevel": "strict"}),
        json!({"mode": "CONVERT"}),
    ] {
        assert_eq!(read_all(settings.clone()).map(|_| ()).map_err(|f| f.len()), Err(1), "{settings}");
    }
}

#[test]
fn domains_of_extensions_and_profiles_of_entries_are_taken() {
    let context = read_all(json!({
        "extensions": ["http://a.test/", "urn:oid:1.2"],
        "bundleValidationRules": [{"rule": "Patient:0", "profile": "http://a.test/p"}]
    }));
    let chosen = context.unwrap().chosen;
    assert!(!chosen.any_extension && chosen.extension_domains == ["http://a.test/", "urn:oid:1.2"]);
    assert_eq!(chosen.entries.len(), 1);
}
