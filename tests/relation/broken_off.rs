//! A comparison that is broken off: a single pair, in the midst of its proof and of its search.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::ProfileJudge;
use fhir_accord::profiles::interrupt::{Interrupt, Signal};
use fhir_accord::profiles::relation::Relations;

/// Counts looks; raised from the one of this number on.
struct From {
    looks: AtomicUsize,
    raised: usize,
}

impl Signal for From {
    fn is_raised(&self) -> bool {
        self.looks.fetch_add(1, Ordering::Relaxed) >= self.raised
    }
}

fn at(raised: usize) -> (Arc<From>, Interrupt) {
    let from = Arc::new(From { looks: AtomicUsize::new(0), raised });
    (Arc::clone(&from), Interrupt::by(from))
}

/// How long a place is held after work was broken off.
const FREED: Duration = Duration::from_millis(100);

#[test]
fn one_proof_and_one_search_are_broken_off() {
    let packages = ["hl7.fhir.us.core#8.0.0", "hl7.fhir.us.core#6.1.0"].map(str::to_owned).to_vec();
    let app = App::open(&Settings { packages, ..Settings::default() }).unwrap();
    let named = |version: &str| {
        let url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
        app.profiles(&[format!("{url}|{version}")]).unwrap()[0]
    };
    let (new, old) = (named("8.0.0"), named("6.1.0"));
    let relations = |interrupt: &Interrupt| {
        Relations::new(app.plans(), ProfileJudge::new(app.plans()).under(interrupt)).under(interrupt)
    };
    // What is built once, plans for example, is built.
    let (counted, never) = at(usize::MAX);
    let open = relations(&never).prove(old, new).unwrap().steps.len();
    let looks = counted.looks.load(Ordering::Relaxed);
    assert!(looks > 20, "the proof looks {looks} times");
    let _ = relations(&never).compare(old, new).unwrap();
    let all = counted.looks.load(Ordering::Relaxed);
    for raised in [0, 1, looks / 2, looks + 1, (looks + all) / 2] {
        let (_, interrupt) = at(raised);
        let mut relations = relations(&interrupt);
        let from = Instant::now();
        let proof = relations.prove(old, new).unwrap();
        assert!(raised >= looks || !proof.holds);
        let _ = relations.compare(old, new);
        let freed = from.elapsed();
        assert!(raised >= looks || freed < FREED, "raised at {raised} of {all}: {freed:?}");
    }
    // What stays open since it was broken off says nothing of another question.
    assert_eq!(relations(&never).prove(old, new).unwrap().steps.len(), open);
}
