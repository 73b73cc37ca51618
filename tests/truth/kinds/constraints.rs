//! Constraints, and what a profile imposes.

use fhir_accord::profiles::evaluate::{Level, Policies};
use fhir_accord::profiles::issue::Verdict::{Invalid, Undetermined, Valid};
use serde_json::{Value, json};

use super::{patient, verdicts};
use crate::support::{BASE, constrained, open, profile, report, verdict};

#[test]
fn a_constraint_holds_where_it_yields_true() {
    let verdict_of = |expression: &str, instance: Value| {
        verdict(&open(&[constrained("c", "Patient", expression)]), &patient(instance), &["c"])
    };
    // Nothing is not true, nor are several items where one is expected.
    assert_eq!(verdict_of("gender = 'male'", json!({})), Invalid);
    assert_eq!(verdict_of("name.family.startsWith('A')", json!({})), Invalid);
    assert_eq!(verdict_of("name.family.startsWith('A')", json!({"name": [{"family": "A"}, {"family": "A"}]})), Invalid);
    assert_eq!(verdict_of("birthDate <= @2020-02-01", json!({"birthDate": "2020"})), Invalid);
    assert_eq!(verdict_of("deceased.ofType(boolean) and active", json!({"active": true})), Invalid);
    // A condition that asks first holds.
    assert_eq!(verdict_of("gender.exists() implies gender = 'male'", json!({})), Valid);
    assert_eq!(
        verdict_of("name.all(family.startsWith('A'))", json!({"name": [{"family": "A"}, {"family": "A"}]})),
        Valid
    );
    // What cannot be evaluated is an open question.
    assert_eq!(
        verdict_of("gender.memberOf('http://truth.test/ValueSet/none')", json!({"gender": "male"})),
        Undetermined
    );
    // The specification leaves open how a year and a day compare in a period.
    let period = |start: &str, end: &str| {
        verdict(&open(&[]), &patient(json!({"name": [{"period": {"start": start, "end": end}}]})), &[])
    };
    assert_eq!(
        [period("2020", "2020-02-01"), period("2021", "2020-02-01"), period("2020-02", "2020-01")],
        [Valid, Invalid, Invalid]
    );
}

#[test]
fn a_validation_of_codes_is_answered_by_what_is_loaded() {
    let verdict_of = |expression: &str| {
        let instance = patient(json!({"language": "de", "gender": "male"}));
        verdict(&open(&[constrained("c", "Patient", expression)]), &instance, &["c"])
    };
    let result = "parameter.where(name = 'result').value";
    let (set, system) =
        ("http://hl7.org/fhir/ValueSet/administrative-gender", "http://hl7.org/fhir/administrative-gender");
    for (expression, want) in [
        (format!("%terminologies.validateVS('{set}', gender).{result}"), Valid),
        (format!("%terminologies.validateVS('{set}', language).{result}.ofType(boolean)"), Invalid),
        (format!("%terminologies.validateVS('http://truth.test/none', gender).{result}"), Undetermined),
        (format!("%terminologies.validateCS('{system}', gender).{result}.ofType(boolean)"), Valid),
        (format!("%terminologies.validateCS('{system}', language).{result} = true"), Invalid),
        (format!("%terminologies.validateCS('http://truth.test/none', gender).{result}"), Undetermined),
        (format!("%terminologies.validateCS('{system}', gender).parameter.exists()"), Undetermined),
        (format!("%terminologies.subsumes('{system}', gender, 'male') = 'equivalent'"), Valid),
        (format!("%terminologies.subsumes('{system}', gender, 'female') = 'subsumes'"), Undetermined),
        (format!("%terminologies.expand('{set}').expansion.contains.code.exists()"), Undetermined),
    ] {
        assert_eq!(verdict_of(&expression), want, "{expression}");
    }
}

#[test]
fn a_validation_of_codes_looks_at_their_displays() {
    let result = "parameter.where(name = 'result').value";
    let (set, system) =
        ("http://hl7.org/fhir/ValueSet/marital-status", "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus");
    let in_set = format!("%terminologies.validateVS('{set}', maritalStatus).{result}");
    let coding_in_set = format!("%terminologies.validateVS('{set}', maritalStatus.coding.first()).{result}");
    let in_system = format!("%terminologies.validateCS('{system}', maritalStatus.coding.first()).{result}");
    let no_set = "%terminologies.validateVS('http://truth.test/none', maritalStatus)".to_owned() + "." + result;
    let married = json!({"system": system, "code": "M", "display": "Married"});
    let wrong = json!({"system": system, "code": "M", "display": "Divorced"});
    let elsewhere = json!({"system": "http://truth.test/absent", "code": "M", "display": "Wed"});
    for (expression, codings, want) in [
        (&in_set, json!([married]), Valid),
        (&in_set, json!([wrong]), Invalid),
        (&in_set, json!([{"system": system, "code": "M"}]), Valid),
        // The other coding may be wrong, or have another name.
        (&in_set, json!([married, elsewhere]), Undetermined),
        (&in_set, json!([married, {"system": "http://truth.test/absent", "code": "M"}]), Undetermined),
        (&in_set, json!([{"system": "http://truth.test/absent", "code": "M"}]), Invalid),
        (&coding_in_set, json!([married]), Valid),
        (&coding_in_set, json!([wrong]), Invalid),
        (&in_system, json!([married]), Valid),
        (&in_system, json!([wrong]), Invalid),
        (&no_set, json!([wrong]), Invalid),
        (&no_set, json!([married]), Undetermined),
    ] {
        let app = open(&[constrained("c", "Patient", expression)]);
        let instance = patient(json!({"maritalStatus": {"coding": codings}}));
        // The rule of displays is not asked.
        let policies = Policies { display: Level::Allow, ..Policies::default() };
        assert_eq!(report(&app, &instance, &["c"], &policies).verdict, want, "{expression} {codings}");
    }
}

#[test]
fn what_a_profile_imposes_counts_by_every_way() {
    let impose = |mut sd: Value, url: &str| {
        sd["extension"] = json!([{"url": "http://hl7.org/fhir/StructureDefinition/structuredefinition-imposeProfile",
            "valueCanonical": url}]);
        sd
    };
    let other = profile("other", "Patient", json!([{"id": "Patient.telecom", "path": "Patient.telecom", "min": 1}]));
    let targets = |name: &str, of: &str| {
        profile(
            name,
            "Observation",
            json!([{"id": "Observation.subject", "path": "Observation.subject", "type": [{"code": "Reference",
                "targetProfile": [format!("{BASE}/{of}")]}]}]),
        )
    };
    let app = open(&[
        other,
        impose(
            profile("imposing", "Patient", json!([{"id": "Patient.name", "path": "Patient.name", "min": 1}])),
            &format!("{BASE}/other"),
        ),
        impose(profile("circle", "Patient", json!([])), &format!("{BASE}/circle")),
        impose(profile("absent", "Patient", json!([])), &format!("{BASE}/nowhere")),
        targets("to-imposing", "imposing"),
        constrained("conforming", "Patient", &format!("conformsTo('{BASE}/imposing')")),
    ]);
    let (named, both) = (
        json!({"name": [{"text": "a"}]}),
        json!({"name": [{"text": "a"}], "telecom": [{"system": "phone", "value": "1"}]}),
    );
    for way in ["imposing", "conforming"] {
        assert_eq!(verdicts(&app, way, &[patient(named.clone()), patient(both.clone())]), [Invalid, Valid], "{way}");
    }
    let observed = |mut subject: Value| {
        subject["id"] = "p".into();
        json!({"resourceType": "Observation", "status": "final", "code": {"text": "a"}, "contained": [subject],
            "subject": {"reference": "#p"}})
    };
    assert_eq!(
        verdicts(&app, "to-imposing", &[observed(patient(named.clone())), observed(patient(both))]),
        [Invalid, Valid]
    );
    assert_eq!(
        [verdict(&app, &patient(named.clone()), &["circle"]), verdict(&app, &patient(named), &["absent"])],
        [Valid, Undetermined]
    );
}
