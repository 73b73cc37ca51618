//! The fuzz targets on stable: mutated seeds from a repeatable generator, a second in all, or as long as
//! `ACCORD_FUZZ_SECONDS` says (of the one target that `ACCORD_FUZZ_TARGET` names). Inputs of the kinds that have broken
//! readers are in `tests/fuzz_regressions/`, one per file, named `TARGET-…`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "../fuzz/src/lib.rs"]
mod bodies;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bodies::{TARGETS, Target};

/// Longer than this no input may take.
const HANG: Duration = Duration::from_secs(20);

/// A repeatable generator.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// Pieces that mean something to one of the readers.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "null",
    "true",
    "1e999",
    "-0",
    "1.",
    "\\u0000",
    "\\ud800",
    "\u{feff}",
    "'",
    "''",
    "(",
    ")",
    ".",
    "|",
    " and ",
    " implies ",
    ".where(",
    ".repeat($this)",
    ".aggregate($total + $this)",
    "$this",
    "%resource",
    "{}",
    "@2012-02-30",
    "@T25",
    " 'mg'",
    " years",
    "9223372036854775807",
    "79228162514264337593543950335",
    "0.0000000000000000000000000001",
    "descendants()",
    "//",
    "/*",
    "`",
    "\\",
    "é",
    "\u{1F600}",
    "<a>",
    "</a>",
    "&#x0;",
    "&lt;",
    "<!--",
    "<![CDATA[",
    "patient/",
    "*.cruds",
    "?",
    "&",
    "=",
    "\n",
    "\0",
    "\"resourceType\":\"Bundle\"",
    "\"_name\":[null]",
    "\"extension\":[{\"url\":\"\"}]",
    "\"contained\":[{}]",
    "#",
];

fn mutate(r: &mut Random, seeds: &[&str]) -> Vec<u8> {
    let mut out = seeds[r.below(seeds.len())].as_bytes().to_vec();
    for _ in 0..=r.below(6) {
        let at = r.below(out.len() + 1);
        let end = (at + r.below(12)).min(out.len());
        match r.below(8) {
            0 => drop(out.drain(at..end)),
            1 => out.insert(at, r.below(256) as u8),
            2 | 3 => drop(out.splice(at..at, PIECES[r.below(PIECES.len())].bytes())),
            4 => drop(out.splice(at..end, PIECES[r.below(PIECES.len())].bytes())),
            5 => {
                let other = seeds[r.below(seeds.len())].as_bytes();
                let from = r.below(other.len() + 1);
                let to = (from + r.below(60)).min(other.len());
                drop(out.splice(at..at, other[from..to].iter().copied()));
            }
            6 => {
                let piece: Vec<u8> = out[at..(at + r.below(40)).min(out.len())].to_vec();
                let times = 1 + r.below(30);
                drop(out.splice(at..at, piece.repeat(times)));
            }
            _ => out.truncate(at.max(1)),
        }
    }
    out
}

/// Runs a body on an input; panics with the input where it panics or takes too long.
fn run((name, body, _): &Target, input: &[u8]) {
    let started = Instant::now();
    let ended = catch_unwind(AssertUnwindSafe(|| body(input)));
    let shown = String::from_utf8_lossy(input);
    assert!(ended.is_ok(), "{name} breaks on {input:?}\n{shown}");
    assert!(started.elapsed() < HANG, "{name} takes {:?} on {shown}", started.elapsed());
}

#[test]
fn targets_stand_mutated_seeds() {
    let seconds = std::env::var("ACCORD_FUZZ_SECONDS").ok().and_then(|s| s.parse::<f64>().ok());
    let only = std::env::var("ACCORD_FUZZ_TARGET").ok();
    let seed = std::env::var("ACCORD_FUZZ_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    for target in TARGETS.iter().filter(|t| only.as_deref().is_none_or(|o| o == t.0)) {
        for seed in target.2 {
            run(target, seed.as_bytes());
        }
        let mut r = Random(seed);
        let (started, mut count) = (Instant::now(), 0);
        let length = Duration::from_secs_f64(seconds.unwrap_or(0.2));
        while started.elapsed() < length {
            run(target, &mutate(&mut r, target.2));
            count += 1;
        }
        println!("{}: {count} inputs", target.0);
        assert!(count > 0);
    }
}

/// The files of `tests/fuzz_regressions/`, by name.
fn regressions() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz_regressions");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files
}

#[test]
fn inputs_that_broke_something_break_nothing_now() {
    for file in regressions() {
        let name = file.file_name().unwrap().to_string_lossy();
        let target = TARGETS
            .iter()
            .find(|t| name.starts_with(&format!("{}-", t.0)))
            .unwrap_or_else(|| panic!("{name} names no target"));
        run(target, &std::fs::read(&file).unwrap());
    }
}
