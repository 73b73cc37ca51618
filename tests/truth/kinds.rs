//! Kinds of instances on which validators err, each right one beside wrong ones.

use fhir_accord::app::App;
use fhir_accord::profiles::evaluate::Policies;
use fhir_accord::profiles::issue::Verdict::{self, Invalid, Undetermined, Valid};
use serde_json::{Value, json};

use super::support::{BASE, constrained, open, profile, report, rules, text_report, verdict};

/// The verdicts on instances under one profile.
fn verdicts(app: &App, name: &str, instances: &[Value]) -> Vec<Verdict> {
    instances.iter().map(|i| verdict(app, i, &[name])).collect()
}

fn patient(members: Value) -> Value {
    let mut patient = json!({"resourceType": "Patient"});
    patient.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    patient
}

#[test]
fn what_a_primitive_needs_is_missed_without_its_extensions() {
    let slices = json!([
        {"id": "Patient.name.given.extension", "path": "Patient.name.given.extension", "slicing": {"discriminator": [{"type": "value", "path": "url"}], "rules": "open"}},
        {"id": "Patient.name.given.extension:q", "path": "Patient.name.given.extension", "sliceName": "q", "min": 1, "type": [{"code": "Extension", "profile": ["http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier"]}]},
    ]);
    let app = open(&[
        profile(
            "told",
            "Patient",
            json!([{"id": "Patient.gender.extension", "path": "Patient.gender.extension", "min": 1}]),
        ),
        profile("named", "Patient", json!([{"id": "Patient.active.id", "path": "Patient.active.id", "min": 1}])),
        profile("qualified", "Patient", slices),
        profile("valued", "Patient", json!([{"id": "Patient.gender.value", "path": "Patient.gender.value", "min": 1}])),
    ]);
    let absent = json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]});
    let gender = json!({"gender": "male", "_gender": absent});
    assert_eq!(
        verdicts(&app, "told", &[patient(json!({})), patient(json!({"gender": "male"})), patient(gender)]),
        [Valid, Invalid, Valid]
    );
    assert_eq!(
        verdicts(
            &app,
            "named",
            &[patient(json!({"active": true})), patient(json!({"active": true, "_active": {"id": "a"}}))]
        ),
        [Invalid, Valid]
    );
    let given =
        |primitive_extensions: Value| patient(json!({"name": [{"given": ["A", "B"], "_given": primitive_extensions}]}));
    let qualified = json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier", "valueCode": "BR"}]});
    assert_eq!(
        verdicts(
            &app,
            "qualified",
            &[
                given(json!([qualified, qualified])),
                given(json!([qualified, null])),
                given(json!([{"id": "a"}, qualified]))
            ]
        ),
        [Valid, Invalid, Invalid]
    );
    assert_eq!(
        verdicts(&app, "valued", &[patient(json!({"gender": "male"})), patient(json!({"_gender": absent}))]),
        [Valid, Invalid]
    );
    let xml = |inside: &str| {
        format!(r#"<Patient xmlns="http://hl7.org/fhir"><gender value="male">{inside}</gender></Patient>"#)
    };
    let told = |inside: &str| text_report(&app, xml(inside).as_bytes(), &["told"], &Policies::default()).verdict;
    assert_eq!(told(""), Invalid);
    assert_eq!(
        told(
            r#"<extension url="http://hl7.org/fhir/StructureDefinition/data-absent-reason"><valueCode value="unknown"/></extension>"#
        ),
        Valid
    );
}

#[test]
fn a_constraint_holds_where_it_yields_true() {
    let verdict_of = |expression: &str, instance: Value| {
        verdict(&open(&[constrained("c", "Patient", expression)]), &patient(instance), &["c"])
    };
    // Nothing is not true, nor are several items where one is wanted.
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
fn a_document_brings_along_what_its_composition_refers_to() {
    let app = open(&[]);
    let document = |member: Value, kind: &str| {
        let mut first = json!({
            "resourceType": "Composition", "id": "c", "status": "final", "type": {"text": "t"}, "date": "2020", "title": "t",
            "author": [{"display": "a"}], "section": [{"title": "s", "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">s</div>"}}]
        });
        if kind == "message" {
            first = json!({"resourceType": "MessageHeader", "id": "c", "eventUri": "http://a.test/e", "source": {"endpoint": "http://a.test"}});
        }
        first.as_object_mut().unwrap().extend(member.as_object().unwrap().clone());
        json!({
            "resourceType": "Bundle", "type": kind, "identifier": {"system": "http://a.test", "value": "1"}, "timestamp": "2020-01-01T00:00:00Z",
            "entry": [
                {"fullUrl": format!("http://a.test/{}/c", first["resourceType"].as_str().unwrap()), "resource": first},
                {"fullUrl": "http://a.test/Organization/o", "resource": {"resourceType": "Organization", "id": "o", "name": "o"}}
            ]
        })
    };
    let verdict_of = |member: Value| verdict(&app, &document(member, "document"), &[]);
    let here = json!({"custodian": {"reference": "Organization/o"}});
    let with = |more: Value| {
        let mut all = here.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    assert_eq!(verdict_of(here.clone()), Valid);
    assert_eq!(
        verdict_of(with(json!({"attester": [{"mode": "legal", "party": {"reference": "Organization/none"}}]}))),
        Invalid
    );
    assert_eq!(
        verdict_of(with(json!({"event": [{"detail": [{"reference": "http://b.test/Organization/o"}]}]}))),
        Invalid
    );
    assert_eq!(
        verdict_of(with(
            json!({"section": [{"title": "a", "section": [{"title": "b", "entry": [{"reference": "urn:uuid:6e5b5b5e-6b1c-4c1e-9d2b-1b1b1b1b1b1b"}]}]}]})
        )),
        Invalid
    );
    // What is named otherwise, or stands in another element, may lie elsewhere.
    assert_eq!(verdict_of(with(json!({"subject": {"identifier": {"system": "http://a.test", "value": "p"}}}))), Valid);
    assert_eq!(
        verdict_of(with(
            json!({"relatesTo": [{"code": "replaces", "targetReference": {"reference": "Composition/earlier"}}]})
        )),
        Valid
    );
    let message =
        |reference: &str| verdict(&app, &document(json!({"focus": [{"reference": reference}]}), "message"), &[]);
    assert_eq!([message("Organization/o"), message("Organization/none")], [Valid, Invalid]);
}

#[test]
fn values_of_definitions_hold_extensions_and_precision() {
    let qualified = json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier", "valueCode": "BR"}]});
    let quantity = |value: &str| -> Value {
        serde_json::from_str(&format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"a"}},"valueQuantity":{{"value":{value}}}}}"#)).unwrap()
    };
    let exact = |kind: &str, value: &str| -> Value {
        serde_json::from_str(&format!(r#"[{{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{{"code":"Quantity"}}],"{kind}Quantity":{{"value":{value}}}}}]"#)).unwrap()
    };
    let app = open(&[
        profile(
            "pattern",
            "Patient",
            json!([{"id": "Patient.name", "path": "Patient.name", "patternHumanName": {"given": ["B"], "_given": [qualified]}}]),
        ),
        profile(
            "fixed",
            "Patient",
            json!([{"id": "Patient.name", "path": "Patient.name", "fixedHumanName": {"family": "B"}}]),
        ),
        profile(
            "fixed-code",
            "Patient",
            json!([{"id": "Patient.gender", "path": "Patient.gender", "fixedCode": "male"}]),
        ),
        profile("fixed-value", "Observation", exact("fixed", "2.50")),
        profile("pattern-value", "Observation", exact("pattern", "2.5")),
    ]);
    let name = |name: Value| patient(json!({"name": [name]}));
    let found = [
        json!({"given": ["A", "B"], "_given": [null, qualified], "family": "C"}),
        json!({"given": ["B"]}),
        json!({"_given": [qualified]}),
    ];
    assert_eq!(verdicts(&app, "pattern", &found.map(name)), [Valid, Invalid, Invalid]);
    let found = [
        json!({"family": "B"}),
        json!({"family": "B", "_family": qualified}),
        json!({"family": "B", "_use": qualified}),
    ];
    assert_eq!(verdicts(&app, "fixed", &found.map(name))[..2], [Valid, Invalid]);
    let absent =
        json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/originalText", "valueString": "M"}]});
    let found = [
        json!({"gender": "male"}),
        json!({"gender": "male", "_gender": {"id": "a"}}),
        json!({"gender": "male", "_gender": absent}),
    ];
    assert_eq!(verdicts(&app, "fixed-code", &found.map(patient)), [Valid, Valid, Invalid]);
    assert_eq!(verdicts(&app, "fixed-value", &["2.50", "2.5", "25.0e-1"].map(quantity)), [Valid, Invalid, Valid]);
    assert_eq!(verdicts(&app, "pattern-value", &["2.5", "2.50", "3"].map(quantity)), [Valid, Invalid, Invalid]);
}

#[test]
fn what_a_profile_imposes_counts_by_every_way() {
    let impose = |mut sd: Value, url: &str| {
        sd["extension"] = json!([{"url": "http://hl7.org/fhir/StructureDefinition/structuredefinition-imposeProfile", "valueCanonical": url}]);
        sd
    };
    let other = profile("other", "Patient", json!([{"id": "Patient.telecom", "path": "Patient.telecom", "min": 1}]));
    let targets = |name: &str, of: &str| {
        profile(
            name,
            "Observation",
            json!([{"id": "Observation.subject", "path": "Observation.subject", "type": [{"code": "Reference", "targetProfile": [format!("{BASE}/{of}")]}]}]),
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
        json!({"resourceType": "Observation", "status": "final", "code": {"text": "a"}, "contained": [subject], "subject": {"reference": "#p"}})
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

#[test]
fn an_extension_keeps_to_its_own_rules_of_use() {
    let extension = |name: &str, rules: Value| {
        let mut sd = profile(
            name,
            "Extension",
            json!([{"id": "Extension.url", "path": "Extension.url", "fixedUri": format!("{BASE}/{name}")}]),
        );
        sd["context"] = json!([{"type": "element", "expression": "Element"}]);
        sd["contextInvariant"] = rules;
        sd
    };
    let app = open(&[
        extension("once", json!(["extension.count() = 1"])),
        extension("open", json!(["memberOf('http://truth.test/ValueSet/none')"])),
        extension("itself", json!(["%extension.value = 'a'", "true"])),
    ]);
    let with = |name: &str, value: &str, more: Value| {
        let mut all = vec![json!({"url": format!("{BASE}/{name}"), "valueString": value})];
        all.extend(more.as_array().unwrap().iter().cloned());
        patient(json!({"name": [{"text": "a", "extension": all}]}))
    };
    let another = json!([{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-use", "valueCode": "L"}]);
    let found = [
        with("once", "a", json!([])),
        with("once", "a", another),
        with("itself", "a", json!([])),
        with("itself", "b", json!([])),
        with("open", "a", json!([])),
    ];
    let verdicts: Vec<Verdict> = found.iter().map(|i| verdict(&app, i, &[])).collect();
    assert_eq!(verdicts, [Valid, Invalid, Valid, Invalid, Undetermined]);
}

#[test]
fn slices_are_divided_at_every_depth() {
    let slice = |name: &str, min: u32, more: Value| {
        let mut element = json!({"id": format!("Observation.component:{name}"), "path": "Observation.component", "sliceName": name, "min": min});
        element.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        element
    };
    let within = |name: &str, member: &str, more: Value| {
        let mut element = json!({"id": format!("Observation.component:{name}.{member}"), "path": format!("Observation.component.{member}")});
        element.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        element
    };
    let by = |kind: &str, path: &str, rules: &str, ordered: bool| json!({"slicing": {"discriminator": [{"type": kind, "path": path}], "rules": rules, "ordered": ordered}});
    let elements = |rules: &str, ordered: bool| {
        json!([
            {"id": "Observation.component", "path": "Observation.component", "slicing": {"discriminator": [{"type": "pattern", "path": "code"}], "rules": "open"}},
            slice("a", 0, by("value", "value", rules, ordered)), within("a", "code", json!({"patternCodeableConcept": {"text": "a"}})),
            slice("a/x", 0, by("exists", "dataAbsentReason", "open", false)), within("a/x", "value[x]", json!({"fixedString": "x", "min": 1})),
            slice("a/x/plain", 1, json!({"max": "1"})), within("a/x/plain", "dataAbsentReason", json!({"max": "0"})), within("a/x/plain", "interpretation", json!({"min": 1})),
            slice("a/y", 0, json!({})), within("a/y", "value[x]", json!({"fixedString": "y", "min": 1})),
        ])
    };
    let app = open(&[
        profile("closed", "Observation", elements("closed", false)),
        profile("ordered", "Observation", elements("open", true)),
        profile("at-end", "Observation", elements("openAtEnd", false)),
    ]);
    let observed = |values: &[&str]| {
        let component = |v: &&str| match *v {
            "x+" => json!({"code": {"text": "a"}, "valueString": "x", "interpretation": [{"text": "i"}]}),
            "other" => json!({"code": {"text": "b"}, "valueString": "z"}),
            v => json!({"code": {"text": "a"}, "valueString": v}),
        };
        json!({"resourceType": "Observation", "status": "final", "code": {"text": "a"}, "component": values.iter().map(component).collect::<Vec<_>>()})
    };
    let of = |name: &str, values: &[&str]| verdict(&app, &observed(values), &[name]);
    assert_eq!(
        [
            of("closed", &["x+", "y", "other"]),
            of("closed", &["x+", "z"]),
            of("closed", &["x"]),
            of("closed", &["x+", "x+"])
        ],
        [Valid, Invalid, Invalid, Invalid]
    );
    assert_eq!(
        [of("ordered", &["x+", "y"]), of("ordered", &["x+", "other", "z", "y"]), of("ordered", &["y", "x+"])],
        [Valid, Valid, Invalid]
    );
    assert_eq!(
        [of("at-end", &["y", "x+", "z"]), of("at-end", &["z", "y"]), of("at-end", &["other", "y"])],
        [Valid, Invalid, Valid]
    );
}

#[test]
fn a_narrative_may_take_its_prefix_from_around_it() {
    let app = open(&[]);
    let told = |around: &str, div: &str| {
        text_report(&app, format!(r#"<Patient xmlns="http://hl7.org/fhir" {around}><text><status value="generated"/>{div}</text></Patient>"#).as_bytes(), &[], &Policies::default()).verdict
    };
    let xhtml = r#"xmlns:h="http://www.w3.org/1999/xhtml" xmlns:g="http://www.w3.org/1999/xhtml""#;
    assert_eq!(told(xhtml, "<h:div>a <g:b>b</g:b></h:div>"), Valid);
    assert_eq!(told(xhtml, r#"<h:div>a <g:b xmlns:g="http://other.test">b</g:b></h:div>"#), Invalid);
    assert_eq!(told(xhtml, "<h:div>a <h:script>b</h:script></h:div>"), Invalid);
    assert_eq!(told(r#"xmlns:h="http://other.test""#, "<h:div>a</h:div>"), Invalid);
    assert_eq!(told("", "<h:div>a</h:div>"), Invalid);
}

#[test]
fn options_of_answers_that_are_contained_in_a_questionnaire() {
    let questionnaire = json!({
        "resourceType": "Questionnaire", "id": "q", "url": "http://truth.test/Questionnaire/q", "status": "active",
        "contained": [
            {"resourceType": "ValueSet", "id": "some", "status": "active", "compose": {"include": [{"system": "http://truth.test/none", "concept": [{"code": "a"}]}]}},
            {"resourceType": "ValueSet", "id": "any", "status": "active", "compose": {"include": [{"system": "http://truth.test/none"}]}}
        ],
        "item": [{"linkId": "g", "type": "group", "item": [{"linkId": "s", "type": "choice", "answerValueSet": "#some"}]}, {"linkId": "y", "type": "choice", "answerValueSet": "#any"}, {"linkId": "n", "type": "choice", "answerValueSet": "#none"}]
    });
    let app = open(&[questionnaire]);
    let response = |questionnaire: &str, items: Value| json!({"resourceType": "QuestionnaireResponse", "questionnaire": questionnaire, "status": "completed", "item": items});
    let coded = |code: &str| json!([{"valueCoding": {"system": "http://truth.test/none", "code": code}}]);
    let q = "http://truth.test/Questionnaire/q";
    let some = |code: &str| response(q, json!([{"linkId": "g", "item": [{"linkId": "s", "answer": coded(code)}]}]));
    assert_eq!([verdict(&app, &some("a"), &[]), verdict(&app, &some("b"), &[])], [Valid, Invalid]);
    let other = |link: &str| verdict(&app, &response(q, json!([{"linkId": link, "answer": coded("a")}])), &[]);
    assert_eq!([other("y"), other("n")], [Undetermined, Undetermined]);
    assert_eq!(
        verdict(&app, &response("http://truth.test/Questionnaire/absent", json!([{"linkId": "a"}])), &[]),
        Undetermined
    );
}

#[test]
fn the_entry_that_comes_nearest_is_told_of() {
    let about = profile(
        "about",
        "Composition",
        json!([{"id": "Composition.section", "path": "Composition.section", "min": 1}, {"id": "Composition.custodian", "path": "Composition.custodian", "min": 1}]),
    );
    let entries = json!([
        {"id": "Bundle.entry", "path": "Bundle.entry", "slicing": {"discriminator": [{"type": "profile", "path": "resource"}], "rules": "open"}},
        {"id": "Bundle.entry:about", "path": "Bundle.entry", "sliceName": "about", "min": 1},
        {"id": "Bundle.entry:about.resource", "path": "Bundle.entry.resource", "min": 1, "type": [{"code": "Composition", "profile": [format!("{BASE}/about")]}]}
    ]);
    let app = open(&[about, profile("bundle", "Bundle", entries)]);
    let composition = |custodian: Value| json!({"resourceType": "Composition", "id": "c", "status": "final", "type": {"text": "t"}, "date": "2020", "title": "t", "author": [{"display": "a"}], "custodian": custodian});
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": "urn:uuid:6e5b5b5e-6b1c-4c1e-9d2b-1b1b1b1b1b1a", "resource": {"resourceType": "Patient"}},
        {"fullUrl": "urn:uuid:6e5b5b5e-6b1c-4c1e-9d2b-1b1b1b1b1b1b", "resource": composition(json!({"display": "o"}))}
    ]});
    let report = report(&app, &bundle, &["bundle"], &Policies::default());
    assert_eq!(rules(&report), ["slice-min"]);
    let near: Vec<String> = report.issues[0]
        .evidence
        .iter()
        .filter(|e| e.about.contains("nearest"))
        .map(|e| format!("{}: {}", e.about, e.says))
        .collect();
    assert_eq!(
        near,
        [
            "the nearest entry, at Bundle.entry[1].resource: [element-min] `section` is missing: expected at least 1, found 0"
        ]
    );
}

#[test]
fn a_profile_keeps_to_the_values_of_its_base() {
    let app = open(&[profile(
        "coded",
        "Patient",
        json!([{"id": "Patient.gender", "path": "Patient.gender", "fixedCode": "male"}, {"id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "patternCodeableConcept": {"text": "a"}}]),
    )]);
    let derived = |path: &str, member: &str, value: Value| {
        let mut sd = profile("derived", "Patient", json!([{"id": path, "path": path, member: value}]));
        sd["baseDefinition"] = format!("{BASE}/coded").into();
        verdict(&app, &sd, &[])
    };
    assert_eq!(
        [
            derived("Patient.gender", "fixedCode", json!("male")),
            derived("Patient.gender", "fixedCode", json!("female"))
        ],
        [Valid, Invalid]
    );
    let concept = "patternCodeableConcept";
    assert_eq!(
        [
            derived("Patient.maritalStatus", concept, json!({"text": "a", "coding": [{"code": "M"}]})),
            derived("Patient.maritalStatus", concept, json!({"text": "b"}))
        ],
        [Valid, Invalid]
    );
    assert_eq!(derived("Patient.maritalStatus", "fixedCodeableConcept", json!({"text": "b"})), Invalid);
}
