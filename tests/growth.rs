//! What takes time in proportion to its size keeps doing so: of each shape four times as much takes not much more than
//! four times as long, where all of its issues are listed. What grows with the square takes sixteen times as long.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "harness/shapes.rs"]
mod shapes;

use std::time::{Duration, Instant};

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::{Memory, Policies};
use fhir_accord::render;

/// The units of the smaller instance.
const UNITS: usize = 4_000;
/// How much more there is in the larger one.
const MORE: usize = 4;
/// The largest ratio that counts as linear; that of the square is `MORE * MORE`.
const MOST: f64 = 9.0;
/// How often a shape may be measured before it counts as not linear: others use the machine, too.
const PASSES: usize = 4;

fn time(app: &App, text: &str) -> Duration {
    let policies = Policies { issues: usize::MAX, ..Policies::default() };
    let started = Instant::now();
    let report = app.check(&app.evaluator(), text.as_bytes(), &[], &policies, None, &mut Memory::default());
    let mut out = Vec::new();
    render::text(&report, "-", text.as_bytes(), false, &mut out).unwrap();
    render::line(&report, "-", None, &mut out).unwrap();
    started.elapsed()
}

#[test]
fn shapes_are_linear() {
    let packages = vec!["hl7.fhir.us.core#6.1.0".to_owned()];
    let app = App::open(&Settings { packages, ..Settings::default() }).unwrap();
    for (name, shape) in shapes::SHAPES {
        let (small, large) = (shape(UNITS), shape(UNITS * MORE));
        time(&app, &small);
        let (mut fastest, mut ratio) = ((Duration::MAX, Duration::MAX), f64::MAX);
        for _ in 0..PASSES {
            fastest = (fastest.0.min(time(&app, &small)), fastest.1.min(time(&app, &large)));
            ratio = fastest.1.as_secs_f64() / fastest.0.as_secs_f64();
            if ratio < MOST {
                break;
            }
        }
        assert!(ratio < MOST, "{name}: {MORE} times as much takes {ratio:.1} times as long: {fastest:?}");
    }
}
