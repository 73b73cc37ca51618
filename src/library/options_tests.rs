use fhir_accord_profiles::evaluate::Level;

use super::*;

#[test]
fn what_is_not_said_is_as_the_command_line_has_it() {
    let options = Options::from_json("{}").unwrap();
    assert_eq!(options.policies(), Policies::default());
    assert_eq!((options.version().unwrap(), options.moment().unwrap()), (None, None));
}

#[test]
fn members_change_policies() {
    let text = r#"{"policies": {"preset": "hl7", "bestPractice": "error"}, "limits": {"elements": 7}, "level": "error",
        "maxIssues": 3, "jsonComments": true}"#;
    let policies = Options::from_json(text).unwrap().policies();
    assert_eq!((policies.display, policies.best_practice), (Level::Error, Level::Error));
    assert_eq!((policies.work.intake, policies.issues, policies.json_comments), (7, 3, true));
    assert_eq!(policies.level, Severity::Error);
}

#[test]
fn what_is_not_known_is_named() {
    let refused = |text: &str| Options::from_json(text).unwrap_err();
    assert!(refused(r#"{"package": []}"#).contains("`package`"));
    assert!(refused(r#"{"policies": {"display": "loud"}}"#).contains("`loud`"));
    let of = |text: &str| Options::from_json(text).unwrap();
    assert!(of(r#"{"fhirVersion": "R9"}"#).version().is_err());
    assert!(of(r#"{"now": "2026-11-28"}"#).moment().is_err());
}

#[test]
fn profiles_tell_the_version_where_no_package_does() {
    let of = |packages: &str| {
        let profile = "http://hl7.org/fhir/StructureDefinition/Patient|5.0.0";
        let text = format!(r#"{{"profiles": ["{profile}"], "packages": [{packages}]}}"#);
        Options::from_json(&text).unwrap().version().unwrap()
    };
    assert_eq!((of(""), of(r#""hl7.fhir.us.core""#)), (Some(FhirVersion::R5), None));
}
