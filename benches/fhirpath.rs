//! FHIRPath on a parsed instance: evaluations a second of one expression, compiled once.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark may fail by panicking")]
#![allow(dead_code, reason = "every benchmark uses a part of `common`")]

mod common;

use divan::Bencher;
use divan::counter::ItemsCount;
use fhir_accord::fhirpath::Expression;
use fhir_accord::profiles::fhirpath::{Context, Item, LocalPorts, Scratch};
use fhir_accord::profiles::instance::{Limits, parse};

/// Evaluations of an expression that one measurement takes together.
const TIMES: usize = 1000;

const EXPRESSIONS: [&str; 4] =
    ["name.where(use = 'official').given.first()", "name.given", "birthDate <= today()", "descendants().count()"];

#[divan::bench(args = EXPRESSIONS)]
fn on_a_patient(bencher: Bencher, text: &str) {
    let app = common::app();
    let evaluator = app.evaluator();
    let typing = evaluator.typing();
    let instance = include_bytes!("../examples/us-core-patient.json");
    let tape = parse(instance, typing.model().names(), &Limits::default());
    let root = tape.root().unwrap();
    let expression = Expression::compile(text, typing, None, &|_| false).unwrap();
    let context = Context { now: fhir_accord::fhirpath::now(), ..Context::new(typing, root, &LocalPorts) };
    let focus = Item::node(root, typing.resource_type(root));
    let mut scratch = Scratch::default();
    assert!(!expression.items(&focus, &context, &mut scratch).unwrap().is_empty(), "the expression finds something");
    bencher.counter(ItemsCount::new(TIMES)).bench_local(|| {
        for _ in 0..TIMES {
            divan::black_box(expression.items(divan::black_box(&focus), &context, &mut scratch).unwrap());
        }
    });
}

fn main() {
    divan::main();
}
