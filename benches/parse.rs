//! Text to tape.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark may fail by panicking")]
#![allow(dead_code, reason = "every benchmark uses a part of `common`")]

mod common;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use fhir_accord::profiles::instance::{Limits, parse};

/// The examples of US Core 6.1.0, one after another.
#[divan::bench]
fn us_core_examples(bencher: Bencher) {
    let app = common::app();
    let names = app.set().model().names();
    let texts = common::instances();
    let bytes: usize = texts.iter().map(Vec::len).sum();
    bencher.counter(ItemsCount::new(texts.len())).counter(BytesCount::new(bytes)).bench_local(|| {
        for text in &texts {
            divan::black_box(parse(text, names, &Limits::default()));
        }
    });
}

fn main() {
    divan::main();
}
