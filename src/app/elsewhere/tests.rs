#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fhir_accord_profiles::evaluate::{Judgement, References};
use fhir_accord_profiles::explain;
use fhir_accord_profiles::issue::Verdict;
use serde_json::{Value, json};

use super::*;
use crate::app::{App, Settings};

/// Patients in texts of their own, and how often these were read.
#[derive(Debug, Default)]
struct Patients {
    texts: Vec<String>,
    by_reference: HashMap<String, HeldAt>,
    read: AtomicUsize,
}

impl Holder for Patients {
    fn find(&self, reference: &str) -> Holding {
        match self.by_reference.get(reference) {
            Some(at) => Holding::Resource { at: *at, kind: "Patient".to_owned() },
            None => Holding::Absent,
        }
    }

    fn text(&self, number: usize) -> Option<Vec<u8>> {
        self.read.fetch_add(1, Ordering::Relaxed);
        self.texts.get(number).map(|t| t.clone().into_bytes())
    }
}

/// A patient with a birth date who leads to others.
fn patient(id: &str, to: &[String]) -> Value {
    let links: Vec<Value> = to.iter().map(|t| json!({"other": {"reference": t}, "type": "refer"})).collect();
    let mut patient = json!({"resourceType": "Patient", "id": id, "birthDate": "1970"});
    if !links.is_empty() {
        patient["link"] = links.into();
    }
    patient
}

fn app(folder: &std::path::Path, holder: Arc<Patients>) -> App {
    app_with(folder, holder, &[])
}

/// With further profiles of Patient, each by its id and differential.
fn app_with(folder: &std::path::Path, holder: Arc<Patients>, more: &[(&str, Value)]) -> App {
    let profile = json!({
        "resourceType": "StructureDefinition", "id": "born", "url": "http://links.test/born", "name": "Born",
        "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
        "differential": {"element": [
            {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1},
            {"id": "Patient.link.other", "path": "Patient.link.other",
             "type": [{"code": "Reference", "targetProfile": ["http://links.test/born"]}]},
        ]},
    });
    let path = folder.join("born.json");
    std::fs::write(&path, profile.to_string()).unwrap();
    let mut packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned(), path.display().to_string()];
    for (id, elements) in more {
        let mut other = profile.clone();
        other["id"] = json!(id);
        other["url"] = json!(format!("http://links.test/{id}"));
        other["differential"]["element"] = elements.clone();
        let path = folder.join(format!("{id}.json"));
        std::fs::write(&path, other.to_string()).unwrap();
        packages.push(path.display().to_string());
    }
    let images = Some(folder.join("images"));
    App::open(&Settings { packages, images, holder: Some(holder), ..Settings::default() }).unwrap()
}

fn policies() -> Policies {
    Policies { references: References::Valid, ..Policies::default() }
}

/// A line of patients, each of whom leads to the next.
fn line(count: usize) -> Patients {
    let name = |i: usize| format!("Patient/p{i}");
    let texts = (0..count).map(|i| {
        let next: Vec<String> = (i + 1 < count).then(|| name(i + 1)).into_iter().collect();
        patient(&format!("p{i}"), &next).to_string()
    });
    let places = (0..count).map(|i| (name(i), HeldAt { text: i, entry: None }));
    Patients { texts: texts.collect(), by_reference: places.collect(), read: AtomicUsize::new(0) }
}

#[test]
fn what_is_certain_is_judged_once_for_all_instances() {
    let folder = tempfile::tempdir().unwrap();
    let holder = Arc::new(line(20));
    let app = app(folder.path(), Arc::clone(&holder));
    let asked = app.profiles(&["http://links.test/born".to_owned()]).unwrap();
    let (evaluator, mut memory) = (app.evaluator(), Memory::default());
    for i in 0..300 {
        let text = patient(&format!("i{i}"), &["Patient/p0".to_owned(), format!("Patient/p{}", i % 20)]).to_string();
        let report = app.check(&evaluator, text.as_bytes(), &asked, &policies(), None, &mut memory);
        assert_eq!(report.verdict, Verdict::Valid, "{:?}", report.issues);
    }
    assert_eq!(holder.read.load(Ordering::Relaxed), 20);
    // Under other policies it may be otherwise.
    let other = Policies { best_practice: fhir_accord_profiles::evaluate::Level::Warn, ..policies() };
    let text = patient("i", &["Patient/p0".to_owned()]).to_string();
    app.check(&evaluator, text.as_bytes(), &asked, &other, None, &mut memory);
    assert_eq!(holder.read.load(Ordering::Relaxed), 40);
}

#[test]
fn a_bound_that_was_reached_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let holder = Arc::new(line(30));
    let app = app(folder.path(), Arc::clone(&holder));
    let asked = app.profiles(&["http://links.test/born".to_owned()]).unwrap();
    let (evaluator, policies, settled) = (app.evaluator(), policies(), Settled::default());
    let report = |most: usize| {
        let text = patient("i", &["Patient/p0".to_owned()]).to_string();
        let lookup = Lookup { most, ..Lookup::new(&evaluator, (&*holder, &settled), (&policies, None)) };
        let (mended, answers, mut memory) = (OnceCell::new(), Answers::default(), Memory::default());
        let tape = read_through(text.as_bytes(), &mended, app.set().model().names(), &Limits::default());
        let judgement: Judgement = lookup.settled(|resources| {
            let terms =
                Terms { policies: &policies, answers: &answers, asks: false, now: None, resources: Some(resources) };
            evaluator.evaluate(&tape, &asked, terms, &mut memory)
        });
        explain::report(&tape, app.set(), &judgement, &policies)
    };
    let told = report(10);
    assert_eq!(told.verdict, Verdict::Undetermined);
    let text = &told.issues.iter().find(|i| i.rule.as_str() == "reference-profile-undecided").unwrap().text;
    assert!(text.ends_with("it rests on more than 10 judgements of resources elsewhere (JUDGEMENTS)"), "{text}");
    // The next instance is told the same; what the bound left open holds for no other.
    let again = report(10);
    assert_eq!(again.verdict, Verdict::Undetermined);
    assert!(again.issues.iter().any(|i| i.text == *text), "{:?}", again.issues);
    assert_eq!(report(100).verdict, Verdict::Valid);
}

#[test]
fn what_was_wrong_under_an_assumption_is_judged_again() {
    let folder = tempfile::tempdir().unwrap();
    // The first leads to one without a birth date: it does not conform, which is what is asked for.
    let mut holder = line(2);
    holder.texts[1] = json!({"resourceType": "Patient", "id": "p1", "active": true}).to_string();
    let invariant = json!({"key": "unborn", "severity": "error", "human": "Not born",
        "expression": "conformsTo('http://links.test/born').not()"});
    let leads = json!([{"id": "Patient.link.other", "path": "Patient.link.other",
        "type": [{"code": "Reference", "targetProfile": ["http://links.test/unborn"]}]}]);
    let unborn = json!([{"id": "Patient", "path": "Patient", "constraint": [invariant]}]);
    let app = app_with(folder.path(), Arc::new(holder), &[("unborn", unborn), ("leads", leads)]);
    let asked = app.profiles(&["http://links.test/leads".to_owned()]).unwrap();
    let text = patient("i", &["Patient/p0".to_owned()]).to_string();
    let report = app.check(&app.evaluator(), text.as_bytes(), &asked, &policies(), None, &mut Memory::default());
    assert_eq!(report.verdict, Verdict::Valid, "{:?}", report.issues);
}

#[test]
fn an_entry_that_leads_elsewhere_by_itself_is_not_judged_apart() {
    let folder = tempfile::tempdir().unwrap();
    let count = 300;
    // In the Bundle the line ends at one without a birth date; by themselves the references lead out of it.
    let mut holder = line(count);
    let mut text = r#"{"resourceType":"Bundle","type":"collection","entry":["#.to_owned();
    for i in 0..count {
        text += if i > 0 { ",{\"resource\":" } else { "{\"resource\":" };
        if i == 0 {
            let at = HeldAt { text: count, entry: Some(text.len() as u32) };
            holder.by_reference.insert("Patient/start".to_owned(), at);
        }
        let next: Vec<String> = (i + 1 < count).then(|| format!("Patient/p{}", i + 1)).into_iter().collect();
        let mut one = patient(&format!("p{i}"), &next);
        if i + 1 == count {
            one.as_object_mut().unwrap().remove("birthDate");
        }
        text += &format!("{one}}}");
    }
    holder.texts.push(text + "]}");
    let app = app(folder.path(), Arc::new(holder));
    let asked = app.profiles(&["http://links.test/born".to_owned()]).unwrap();
    let text = patient("i", &["Patient/start".to_owned()]).to_string();
    let report = app.check(&app.evaluator(), text.as_bytes(), &asked, &policies(), None, &mut Memory::default());
    assert_eq!(report.verdict, Verdict::Undetermined, "{:?}", report.issues);
}

#[test]
fn entries_of_one_bundle_are_judged_at_one_reading() {
    let folder = tempfile::tempdir().unwrap();
    let count = 200;
    // Each leads to the next by its fullUrl; the last has no birth date.
    let url = |i: usize| format!("urn:uuid:00000000-0000-4000-8000-{i:012}");
    let mut text = r#"{"resourceType":"Bundle","type":"collection","entry":["#.to_owned();
    let mut places = HashMap::new();
    for i in 0..count {
        let next: Vec<String> = (i + 1 < count).then(|| url(i + 1)).into_iter().collect();
        let mut one = patient(&format!("p{i}"), &next);
        if i + 1 == count {
            one.as_object_mut().unwrap().remove("birthDate");
        }
        text += &format!("{}{{\"fullUrl\":\"{}\",\"resource\":", if i > 0 { "," } else { "" }, url(i));
        places.insert(format!("Patient/p{i}"), HeldAt { text: 0, entry: Some(text.len() as u32) });
        text += &format!("{one}}}");
    }
    text += "]}";
    let holder = Arc::new(Patients { texts: vec![text], by_reference: places, read: AtomicUsize::new(0) });
    let app = app(folder.path(), Arc::clone(&holder));
    let asked = app.profiles(&["http://links.test/born".to_owned()]).unwrap();
    let report = |to: &[String]| {
        let text = patient("i", to).to_string();
        app.check(&app.evaluator(), text.as_bytes(), &asked, &policies(), None, &mut Memory::default())
    };
    let all: Vec<String> = (0..count).map(|i| format!("Patient/p{i}")).collect();
    assert_eq!(report(&all).verdict, Verdict::Invalid);
    assert_eq!(holder.read.load(Ordering::Relaxed), 1);
}

#[test]
fn a_long_line_through_a_bundle_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let count = 300;
    let name = |i: usize| format!("Patient/p{i}");
    let mut text = r#"{"resourceType":"Bundle","type":"collection","entry":["#.to_owned();
    let mut places = HashMap::new();
    for i in 0..count {
        let next: Vec<String> = (i + 1 < count).then(|| name(i + 1)).into_iter().collect();
        text += if i > 0 { ",{\"resource\":" } else { "{\"resource\":" };
        places.insert(name(i), HeldAt { text: 0, entry: Some(text.len() as u32) });
        text += &format!("{}}}", patient(&format!("p{i}"), &next));
    }
    text += "]}";
    let holder = Arc::new(Patients { texts: vec![text], by_reference: places, read: AtomicUsize::new(0) });
    let app = app(folder.path(), holder);
    let asked = app.profiles(&["http://links.test/born".to_owned()]).unwrap();
    let text = patient("i", &[name(0)]).to_string();
    let report = app.check(&app.evaluator(), text.as_bytes(), &asked, &policies(), None, &mut Memory::default());
    assert_eq!(report.verdict, Verdict::Valid, "{:?}", report.issues);
}
