//! Work that is broken off: whenever that is, what was not examined is open, and what was found stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use fhir_accord::app::App;
use fhir_accord::profiles::evaluate::{Policies, Work};
use fhir_accord::profiles::interrupt::{Interrupt, Signal};
use fhir_accord::profiles::issue::Verdict;
use serde_json::{Value, json};

use crate::support::{BASE, collection, entry, open, profile, report, rules};

/// Raised at a look, and from then on; counts the looks.
struct At {
    look: u64,
    seen: AtomicU64,
}

impl Signal for At {
    fn is_raised(&self) -> bool {
        self.seen.fetch_add(1, Ordering::Relaxed) >= self.look
    }
}

/// How many looks may follow the one that was told to break off: each part of the work that is under way takes one.
const LATE: u64 = 8;

/// Breaks a validation off at its first look, its second, and so on until it is not broken off any more; gives the
/// number of looks.
fn at_every_look(app: &App, instance: &Value, profiles: &[&str]) -> u64 {
    // Far fewer than are found.
    let few = Policies { issues: 20, ..Policies::default() };
    let whole = report(app, instance, profiles, &few);
    for look in 0.. {
        let signal = Arc::new(At { look, seen: AtomicU64::new(0) });
        let interrupt = Interrupt::by(Arc::clone(&signal) as Arc<dyn Signal>);
        let policies = Policies { work: Work { interrupt, ..Work::default() }, ..few.clone() };
        let found = report(app, instance, profiles, &policies);
        let seen = signal.seen.load(Ordering::Relaxed);
        if seen <= look {
            assert_eq!((found.verdict, rules(&found)), (whole.verdict, rules(&whole)));
            return look;
        }
        assert!(rules(&found).contains(&"limit-time"), "look {look}: {:?}", rules(&found));
        assert!(seen <= look + LATE, "look {look}: {seen} looks");
        match found.verdict {
            Verdict::Undetermined => {}
            Verdict::Invalid => assert_eq!(whole.verdict, Verdict::Invalid, "look {look}: {:?}", rules(&found)),
            Verdict::Valid => panic!("look {look}: valid, though broken off"),
        }
    }
    unreachable!("the loop ends")
}

#[test]
fn nothing_is_valid_that_was_not_examined() {
    let text =
        |name: &str| profile(name, "HumanName", json!([{"id": "HumanName.text", "path": "HumanName.text", "min": 1}]));
    let constraint = |expression: String| {
        json!([{"id": "Patient.name", "path": "Patient.name", "constraint": [
            {"key": "t-1", "severity": "error", "human": "h", "expression": expression}]}])
    };
    let app = open(&[
        text("named"),
        profile("conforming", "Patient", constraint(format!("conformsTo('{BASE}/named')"))),
        profile("refusing", "Patient", constraint(format!("conformsTo('{BASE}/named').not()"))),
        profile(
            "dear",
            "Patient",
            constraint(
                "given.select($this & $index.toString()).select(replace('b', 'c') & 'd').all(length() > 1)".to_owned(),
            ),
        ),
    ]);
    let patient = |text: bool, given: usize| {
        let mut name = json!({"family": "a", "given": vec!["b"; given]});
        if text {
            name["text"] = "a".into();
        }
        json!({"resourceType": "Patient", "name": [name]})
    };
    let bundle = |gender: &str| collection((0..120).map(|i| entry(i, json!({"gender": gender}))).collect());
    let looks = [
        at_every_look(&app, &bundle("male"), &[]),
        at_every_look(&app, &bundle("nonsense"), &[]),
        at_every_look(&app, &patient(true, 400), &["conforming"]),
        at_every_look(&app, &patient(false, 400), &["conforming"]),
        at_every_look(&app, &patient(false, 400), &["refusing"]),
        at_every_look(&app, &patient(true, 400), &["dear"]),
    ];
    assert!(looks.iter().all(|n| *n > 3), "{looks:?}");
}

#[test]
fn reading_is_broken_off() {
    let app = open(&[]);
    let text = format!(r#"{{"resourceType":"Patient","name":[{{"given":[{}"a"]}}]}}"#, r#""a","#.repeat(20_000));
    let xml = format!(
        r#"<Patient xmlns="http://hl7.org/fhir"><name>{}</name></Patient>"#,
        r#"<given value="a"/>"#.repeat(20_000)
    );
    for text in [text, xml] {
        let signal = Arc::new(At { look: 2, seen: AtomicU64::new(0) });
        let work = Work { interrupt: Interrupt::by(Arc::clone(&signal) as Arc<dyn Signal>), ..Work::default() };
        let policies = Policies { work, ..Policies::default() };
        let request = fhir_accord::app::Request { policies, ..Default::default() };
        let found = app.validate(text.as_bytes(), &request).unwrap();
        assert_eq!((found.verdict, rules(&found)), (Verdict::Undetermined, vec!["limit-time"]));
        assert_eq!(found.stopped.map(|r| r.as_str()), Some("limit-time"));
        assert_eq!(signal.seen.load(Ordering::Relaxed), 3);
    }
}
