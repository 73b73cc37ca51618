//! Shapes that were not linear: validation and both forms of the report, with all issues listed, at three sizes. What
//! is linear takes the same time for each unit at each of them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark may fail by panicking")]
#![allow(dead_code, reason = "every benchmark uses a part of `common`")]

mod common;
#[path = "../tests/harness/shapes.rs"]
mod shapes;

use std::time::{Duration, Instant};

use fhir_accord::app::App;
use fhir_accord::profiles::evaluate::{Memory, Policies};
use fhir_accord::render;

/// The units of each shape.
const SIZES: [usize; 3] = [25_000, 50_000, 100_000];
/// How often each is measured; the fastest counts.
const PASSES: usize = 3;

/// The time to validate an instance, and to write its report as text and as JSON.
fn time(app: &App, text: &[u8]) -> (Duration, Duration) {
    let policies = Policies { issues: usize::MAX, ..Policies::default() };
    let started = Instant::now();
    let report = app.check(&app.evaluator(), text, &[], &policies, None, &mut Memory::default());
    let validated = started.elapsed();
    let mut out = Vec::new();
    render::text(&report, "-", text, false, &mut out).unwrap();
    render::line(&report, "-", None, &mut out).unwrap();
    divan::black_box(out);
    (validated, started.elapsed() - validated)
}

fn main() {
    let app = common::app();
    let named = std::env::args().skip(1).find(|a| !a.starts_with('-')).unwrap_or_default();
    println!("microseconds a unit, validated + written, at {SIZES:?} units");
    for (name, shape) in shapes::SHAPES.iter().filter(|(name, _)| name.contains(&named)) {
        let row = SIZES.map(|units| {
            let text = shape(units);
            let passes = (0..PASSES).map(|_| time(&app, text.as_bytes()));
            let (validated, written) = passes.min_by_key(|(a, b)| *a + *b).unwrap();
            let of = |t: Duration| t.as_secs_f64() * 1e6 / units as f64;
            format!("{:8.2} +{:7.2}", of(validated), of(written))
        });
        println!("{name:36}{}", row.join("   "));
    }
}
