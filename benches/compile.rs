//! Packages to images, and what a cold start costs.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark may fail by panicking")]
#![allow(dead_code, reason = "every benchmark uses a part of `common`")]

mod common;

use divan::Bencher;
use fhir_accord::profiles::compile;

/// US Core 6.1.0 to an image; its definitions are read already.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn guide(bencher: Bencher) {
    let app = common::app();
    let graph = app.graph().unwrap();
    let model = app.set().model();
    let _ = compile::package(graph, 0, model, false);
    bencher.bench_local(|| compile::package(graph, 0, model, false));
}

/// R4 core to an image; its definitions are read already.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn core(bencher: Bencher) {
    let app = common::app();
    let graph = app.graph().unwrap();
    let core = graph.packages().iter().position(|p| p.id == "hl7.fhir.r4.core").unwrap();
    let _ = compile::package(graph, core, app.set().model(), true);
    bencher.bench_local(|| compile::package(graph, core, app.set().model(), true));
}

/// The embedded packages, ready to validate.
#[divan::bench]
fn open_embedded() {
    divan::black_box(common::app());
}

fn main() {
    divan::main();
}
