//! Four properties of verdicts, over examples, mutants of them and damaged texts. `truth.rs` asserts them of the
//! project's own examples, `tests/shared/truth.rs` of the official ones:
//!
//! - dropping or capping what is listed changes no verdict and no count;
//! - a collection stays valid when valid entries of their own are added;
//! - an answer replaced by *unknown* makes nothing valid that was invalid;
//! - only the rules that are listed for it find what changes nothing.

use std::sync::OnceLock;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::{Answers, Judgement, Memory, Policies, Terms, Withheld, Work};
use fhir_accord::profiles::explain;
use fhir_accord::profiles::instance::{Limits, read};
use fhir_accord::profiles::issue::{Report, RuleId, Severity, Verdict};
use fhir_accord::profiles::judge::{NOTES, NOTES_BY_POLICY};
use serde_json::{Value, json};

/// An engine over the embedded guide that the examples are of.
fn app() -> &'static App {
    static APP: OnceLock<App> = OnceLock::new();
    APP.get_or_init(|| {
        App::open(&Settings { packages: vec!["hl7.fhir.us.core#6.1.0".to_owned()], ..Settings::default() }).unwrap()
    })
}

/// Instances with one change each: an element gone, doubled, of another type or value, by a walk over the example.
fn mutants(text: &[u8], seed: usize) -> Vec<Vec<u8>> {
    let Ok(value) = serde_json::from_slice::<Value>(text) else { return Vec::new() };
    let mut places = Vec::new();
    collect(&value, String::new(), &mut places);
    let mut out = Vec::new();
    for (i, place) in places.iter().enumerate().filter(|(i, _)| (i * 7 + seed).is_multiple_of(11)) {
        let mut changed = value.clone();
        let Some(at) = changed.pointer_mut(place) else { continue };
        *at = match (i + seed) % 5 {
            0 => Value::Null,
            1 => json!("nonsense value"),
            2 => json!({"unknown": true}),
            3 => json!([at.clone(), at.clone()]),
            _ => match at {
                Value::Array(a) if !a.is_empty() => a[0].clone(),
                Value::String(s) => json!(format!("{s}x")),
                _ => json!(12),
            },
        };
        out.push(changed.to_string().into_bytes());
    }
    out
}

fn collect(value: &Value, at: String, out: &mut Vec<String>) {
    if !at.is_empty() {
        out.push(at.clone());
    }
    match value {
        Value::Object(o) => {
            o.iter().for_each(|(k, v)| collect(v, format!("{at}/{}", k.replace('~', "~0").replace('/', "~1")), out))
        }
        Value::Array(a) => a.iter().enumerate().for_each(|(i, v)| collect(v, format!("{at}/{i}"), out)),
        _ => {}
    }
}

/// Texts with some bytes cut out, doubled or replaced: most are no JSON any more.
fn damaged(text: &[u8], seed: usize) -> Vec<Vec<u8>> {
    let mut state = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n.max(1)
    };
    let one = |_| {
        let mut out = text.to_vec();
        let at = below(out.len());
        let end = (at + below(30)).min(out.len());
        match below(4) {
            0 => drop(out.drain(at..end)),
            1 => out.truncate(at.max(1)),
            2 => drop(out.splice(at..at, text[at..end].to_vec())),
            _ => out[at] = b"0\"a{}[],:\\ "[below(11)],
        }
        out
    };
    (0..4).map(one).collect()
}

/// Examples, mutants of them, and texts made of them that can hardly be read.
fn inputs(examples: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut out: Vec<Vec<u8>> =
        examples.iter().enumerate().flat_map(|(i, e)| [mutants(e, i), damaged(e, i)].concat()).collect();
    out.extend_from_slice(examples);
    out
}

fn report(text: &[u8], policies: &Policies, answers: &Answers, memory: &mut Memory) -> Report {
    let (app, evaluator) = (app(), app().evaluator());
    let tape = read(text, app.set().model().names(), &Limits::default());
    let terms = Terms { policies, answers, asks: false, now: None, resources: None };
    let judgement = if tape.is_fatal() { Judgement::default() } else { evaluator.evaluate(&tape, &[], terms, memory) };
    explain::report(&tape, app.set(), &judgement, policies)
}

/// The rules of notes that are in none of these lists.
fn strange(report: &Report, lists: &[&[RuleId]]) -> Vec<RuleId> {
    let notes = report.issues.iter().filter(|i| i.severity == Severity::Information).map(|i| i.rule);
    notes.filter(|rule| !lists.iter().any(|list| list.contains(rule))).collect()
}

/// Dropping or capping what is listed changes no verdict and no count.
pub fn capping(examples: &[Vec<u8>]) {
    let (answers, mut memory) = (Answers::default(), Memory::default());
    for text in inputs(examples) {
        let whole = report(
            &text,
            &Policies { issues: 1_000_000, level: Severity::Information, ..Policies::default() },
            &answers,
            &mut memory,
        );
        let errors = whole.issues.iter().filter(|i| i.severity.is_error()).count() as u64;
        assert_eq!((whole.unlisted, whole.tally.errors), (0, errors));
        for issues in [0, 1, 3, 20] {
            for level in [Severity::Error, Severity::Warning, Severity::Information] {
                let capped = report(&text, &Policies { issues, level, ..Policies::default() }, &answers, &mut memory);
                assert_eq!(capped.verdict, whole.verdict, "{issues} {level:?} {}", String::from_utf8_lossy(&text));
                let counts = |r: &Report| (r.tally.errors, r.tally.warnings, r.tally.questions);
                assert_eq!(counts(&capped), counts(&whole), "{issues} {level:?} {}", String::from_utf8_lossy(&text));
                let listed = capped.issues.iter().filter(|i| i.rule.as_str() != "limit-issues").count();
                assert!(listed <= issues);
            }
        }
    }
}

/// A collection stays valid when valid entries of their own are added.
pub fn collections(examples: &[Vec<u8>]) {
    let (answers, policies, mut memory) = (Answers::default(), Policies::default(), Memory::default());
    let valid: Vec<Value> = examples
        .iter()
        .step_by(2)
        .filter(|text| report(text, &policies, &answers, &mut memory).verdict == Verdict::Valid)
        .map(|text| serde_json::from_slice(text).unwrap())
        .filter(|v: &Value| v["resourceType"] != "Bundle")
        .collect();
    assert!(!valid.is_empty());
    let entry = |(i, resource): (usize, &Value)| {
        let mut resource = resource.clone();
        resource["id"] = format!("own-{i}").into();
        json!({"fullUrl": format!("urn:uuid:0c3151bd-1cbf-4d64-b04d-{i:012x}"), "resource": resource})
    };
    let bundle =
        |entries: Vec<Value>| json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string();
    let mut entries: Vec<Value> = Vec::new();
    for part in valid.iter().enumerate().collect::<Vec<_>>().chunks(7) {
        entries.extend(part.iter().map(|e| entry(*e)));
        let found = report(bundle(entries.clone()).as_bytes(), &policies, &answers, &mut memory);
        let errors: Vec<String> = found
            .issues
            .iter()
            .filter(|i| i.severity.is_error())
            .map(|i| format!("{} {} {}", i.rule, i.expression, i.text))
            .collect();
        assert_eq!(found.verdict, Verdict::Valid, "{} entries: {errors:?}", entries.len());
    }
    for copies in [100, 1000] {
        let many = (0..copies).map(|i| entry((i, &valid[i % valid.len()]))).collect();
        assert_eq!(
            report(bundle(many).as_bytes(), &policies, &answers, &mut memory).verdict,
            Verdict::Valid,
            "{copies}"
        );
    }
}

/// An answer replaced by *unknown* makes nothing valid that was invalid.
pub fn withheld_answers(examples: &[Vec<u8>]) {
    let (policies, mut memory) = (Policies::default(), Memory::default());
    let mut withheld_any = 0;
    for text in inputs(examples) {
        let whole = report(&text, &policies, &Answers::default(), &mut memory);
        if whole.verdict != Verdict::Invalid {
            continue;
        }
        for what in [Withheld::Code, Withheld::Reference, Withheld::Profile, Withheld::Function] {
            for nth in [0, 1, 2, 5, 11] {
                let answers = Answers::withholding(what, nth);
                let found = report(&text, &policies, &answers, &mut memory);
                withheld_any += u32::from(found.tally != whole.tally);
                assert_ne!(found.verdict, Verdict::Valid, "{what:?} {nth}: {}", String::from_utf8_lossy(&text));
                assert_eq!(strange(&found, &[NOTES]), [], "{what:?} {nth}: {}", String::from_utf8_lossy(&text));
            }
        }
        let limits = [
            Work { nodes: 5, ..Work::default() },
            Work { nodes: 40, ..Work::default() },
            Work { trials: 0, ..Work::default() },
            Work { expression: 3, ..Work::default() },
            Work { expressions: 50, ..Work::default() },
        ];
        for work in limits {
            let found =
                report(&text, &Policies { work: work.clone(), ..policies.clone() }, &Answers::default(), &mut memory);
            assert_ne!(found.verdict, Verdict::Valid, "{work:?}: {}", String::from_utf8_lossy(&text));
            assert_eq!(strange(&found, &[NOTES]), [], "{work:?}: {}", String::from_utf8_lossy(&text));
        }
    }
    assert!(withheld_any > 0, "nothing was withheld");
}

/// Only the rules that are listed for it find what changes nothing.
pub fn notes(examples: &[Vec<u8>]) {
    let (answers, mut memory) = (Answers::default(), Memory::default());
    let mut notes = 0;
    for text in inputs(examples) {
        let usual = report(&text, &Policies::default(), &answers, &mut memory);
        assert_eq!(strange(&usual, &[NOTES]), [], "{}", String::from_utf8_lossy(&text));
        let lenient = report(&text, &Policies::hl7(), &answers, &mut memory);
        assert_eq!(strange(&lenient, &[NOTES, NOTES_BY_POLICY]), [], "{}", String::from_utf8_lossy(&text));
        notes += usual.tally.information + lenient.tally.information;
    }
    assert!(notes > 0, "nothing was noted");
}
