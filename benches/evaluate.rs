//! Validation, parse and report included, one thread: base and declared profiles of the US Core 6.1.0 examples.
//!
//! `ACCORD_PASSES=N` skips divan and prints one line, the median of N warmed passes, as the peers' drivers do; with
//! `ACCORD_NDJSON=FILE` over the lines of that file. Every pass does all of its work: nothing is kept by an input's
//! bytes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark may fail by panicking")]
#![allow(dead_code, reason = "every benchmark uses a part of `common`")]

mod common;

use std::time::Instant;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use fhir_accord::app::App;
use fhir_accord::profiles::evaluate::{Evaluator, Memory, Policies};

/// Validates all texts; gives the number of issues.
fn pass(app: &App, evaluator: &Evaluator<'_>, texts: &[Vec<u8>], memory: &mut Memory) -> usize {
    let policies = Policies::default();
    texts.iter().map(|text| app.check(evaluator, text, &[], &policies, None, memory).issues.len()).sum()
}

/// Plans are there already.
#[divan::bench]
fn us_core_examples_warm(bencher: Bencher) {
    let (app, texts) = (common::app(), common::instances());
    let evaluator = app.evaluator();
    let mut memory = Memory::default();
    pass(&app, &evaluator, &texts, &mut memory);
    let bytes: usize = texts.iter().map(Vec::len).sum();
    bencher
        .counter(ItemsCount::new(texts.len()))
        .counter(BytesCount::new(bytes))
        .bench_local(|| pass(&app, &evaluator, &texts, &mut memory));
}

/// From nothing: packages opened, plans built on the way.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn us_core_examples_first_pass(bencher: Bencher) {
    let texts = common::instances();
    bencher.counter(ItemsCount::new(texts.len())).bench_local(|| {
        let app = common::app();
        pass(&app, &app.evaluator(), &texts, &mut Memory::default())
    });
}

/// One line for comparisons with peers.
fn line(passes: usize) {
    let (app, texts) = (common::app(), common::instances());
    let evaluator = app.evaluator();
    let mut memory = Memory::default();
    let started = Instant::now();
    let issues = pass(&app, &evaluator, &texts, &mut memory);
    let first = started.elapsed().as_secs_f64();
    let mut seconds: Vec<f64> = (0..passes.max(1))
        .map(|_| {
            let started = Instant::now();
            divan::black_box(pass(&app, &evaluator, &texts, &mut memory));
            started.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    println!(
        "accord: {} resources, {issues} issues; first pass {first:.4} s; parse+validate: median {median:.5} s of \
         {} warmed passes -> {:.1} resources/s",
        texts.len(),
        seconds.len(),
        texts.len() as f64 / median
    );
}

fn main() {
    match std::env::var("ACCORD_PASSES").ok().and_then(|p| p.parse().ok()) {
        Some(passes) => line(passes),
        None => divan::main(),
    }
}
