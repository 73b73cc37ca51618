use fhir_accord_profiles::issue::Verdict;

use super::super::Stop;
use super::*;

fn core() -> Validator {
    Validator::open(&Options { packages: vec!["hl7.fhir.r4.core#4.0.1".to_owned()], ..Options::default() }).unwrap()
}

#[test]
fn a_batch_gives_what_one_by_one_does() {
    let validator = core();
    let texts: Vec<String> = (0..50)
        .map(|n| match n % 3 {
            0 => format!(r#"{{"resourceType": "Patient", "id": "{n}"}}"#),
            1 => format!(r#"{{"resourceType": "Patient", "birthDate": "{n}"}}"#),
            _ => "not FHIR".to_owned(),
        })
        .collect();
    let crew = Crew { threads: Some(2), stop: &Stop::default(), wait: &mut || () };
    let all = validator.validate_all(&texts, &[], crew).unwrap();
    let singly: Vec<Report> = texts.iter().map(|t| validator.validate(t.as_bytes(), &[]).unwrap()).collect();
    assert_eq!(all.into_iter().map(Option::unwrap).collect::<Vec<_>>(), singly);
    assert_eq!([singly[0].verdict, singly[1].verdict], [Verdict::Valid, Verdict::Invalid]);
}

#[test]
fn what_is_not_there_is_named() {
    let validator = core();
    let unknown = validator.validate(b"{}", &["http://test.example/none".to_owned()]);
    assert!(unknown.unwrap_err().to_string().contains("http://test.example/none"));
    let open = |options: Options| Validator::open(&options).map(drop).unwrap_err().to_string();
    assert!(open(Options { packages: vec!["no.such.package".to_owned()], ..Options::default() }).contains("no.such"));
    let folder = "no/such/folder".into();
    assert!(open(Options { resources: vec![folder], ..Options::default() }).contains("no/such/folder"));
}

#[test]
fn what_is_not_examined_is_open() {
    let options = Options::from_json(r#"{"packages": ["hl7.fhir.r4.core#4.0.1"], "limits": {"elements": 1}}"#).unwrap();
    let report = Validator::open(&options).unwrap().validate(br#"{"resourceType": "Patient", "name": [{}]}"#, &[]);
    let report = report.unwrap();
    assert_eq!((report.verdict, report.stopped.is_some()), (Verdict::Undetermined, true));
}
