//! What a validation leaves open is asked of somebody else, once, and the validation done again with the answer.

use std::sync::{Arc, Mutex};

use fhir_accord::app::App;
use fhir_accord::profiles::evaluate::{Answer, AskedCode, Policies, Question, References};
use fhir_accord::profiles::issue::{RuleId, Verdict};
use fhir_accord::settle::{Answerer, Asking, Replies};
use serde_json::{Value, json};

use crate::support::{open, profile, report, rules};

/// Knows the code `in` and `out`, and the reference `Organization/here`; keeps what it was asked.
#[derive(Debug, Default)]
struct Fake {
    asked: Mutex<Vec<Question>>,
}

impl Answerer for Fake {
    fn answer(&self, questions: &[Question], _: &dyn Asking) -> Replies {
        self.asked.lock().unwrap().extend_from_slice(questions);
        let one = |q: &Question| match q {
            Question::Member { code, .. } | Question::Code(code) => match code.code.as_str() {
                "in" => Some(Answer { in_system: Some(true), ..Answer::of(true) }),
                "out" => Some(Answer { in_system: Some(true), ..Answer::of(false) }),
                _ => None,
            },
            Question::Reference(text) => {
                (text != "Organization/nobody-knows").then(|| Answer::of(text == "Organization/here"))
            }
        };
        Replies { answers: questions.iter().map(one).collect(), trouble: Some("nobody is there".to_owned()) }
    }
}

fn asking() -> (App, Arc<Fake>) {
    let bound = json!([{"id": "Patient.maritalStatus", "path": "Patient.maritalStatus",
        "binding": {"strength": "required", "valueSet": "http://truth.test/ValueSet/far"}}]);
    let fake = Arc::new(Fake::default());
    (open(&[profile("bound", "Patient", bound)]).with_answerer(fake.clone()), fake)
}

fn patient(code: &str) -> Value {
    json!({"resourceType": "Patient", "maritalStatus": {"coding": [{"system": "http://truth.test/s", "code": code}]}})
}

#[test]
fn answers_decide_and_silence_leaves_it_open() {
    let (app, fake) = asking();
    for (code, wanted) in [("in", Verdict::Valid), ("out", Verdict::Invalid), ("unheard-of", Verdict::Undetermined)] {
        fake.asked.lock().unwrap().clear();
        let found = report(&app, &patient(code), &["bound"], &Policies::default());
        assert_eq!(found.verdict, wanted, "{code}: {:?}", rules(&found));
        let asked =
            AskedCode { system: Some("http://truth.test/s".to_owned()), code: code.to_owned(), ..AskedCode::default() };
        let mut questions =
            vec![Question::Member { value_set: "http://truth.test/ValueSet/far".to_owned(), code: asked.clone() }];
        // Where nobody knows whether it is in the value set, the code itself is asked about; each once.
        if code == "unheard-of" {
            questions.push(Question::Code(asked));
        }
        assert_eq!(*fake.asked.lock().unwrap(), questions, "{code}");
        let told = found.issues.iter().filter(|i| i.rule == RuleId::TERMINOLOGY_SERVER);
        let told: Vec<bool> = told.map(|i| i.open && i.text.ends_with("nobody is there")).collect();
        assert_eq!(told, if code == "unheard-of" { vec![true] } else { vec![] }, "{code}");
    }
}

#[test]
fn a_thousand_times_the_same_code_is_one_question() {
    let (app, fake) = asking();
    let entry = |i: usize| {
        let mut resource = patient(["in", "in", "out"][i % 3]);
        resource["id"] = format!("p{i}").into();
        resource["meta"] = json!({"profile": ["http://truth.test/StructureDefinition/bound"]});
        json!({"fullUrl": format!("http://a.test/Patient/p{i}"), "resource": resource})
    };
    let bundle =
        json!({"resourceType": "Bundle", "type": "collection", "entry": (0..999).map(entry).collect::<Vec<_>>()});
    let found = report(&app, &bundle, &[], &Policies::default());
    assert_eq!((found.verdict, found.tally.errors), (Verdict::Invalid, 333));
    assert_eq!(fake.asked.lock().unwrap().len(), 2);
}

#[test]
fn references_that_lead_out_are_asked_for_where_they_must_exist() {
    let (app, _) = asking();
    let policies = Policies { references: References::Exists, ..Policies::default() };
    for (to, wanted) in [("here", Verdict::Valid), ("gone", Verdict::Invalid), ("nobody-knows", Verdict::Undetermined)]
    {
        let patient =
            json!({"resourceType": "Patient", "managingOrganization": {"reference": format!("Organization/{to}")}});
        assert_eq!(report(&app, &patient, &[], &policies).verdict, wanted, "{to}");
    }
}
