//! Imported terminology: 500,000 codes of SNOMED CT's form, written to a file and asked; a hash table of the same texts
//! beside it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark may fail by panicking")]

#[path = "../tests/harness/terminology/mod.rs"]
mod terminologies;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use fhir_accord::profiles::terminology::{DisplayFit, HeldCode, HeldSystem, HeldTerminology, check_held_display};
use fhir_accord::terminology::{Held, Options, import, list};
use tempfile::TempDir;
use terminologies::{Made, Random, concepts, layouts};

const CODES: usize = 500_000;
const ASKED: usize = 100_000;
const SNOMED: &str = "http://snomed.info/sct";

struct Ground {
    all: Vec<Made>,
    release: TempDir,
    folder: TempDir,
    held: Held,
    /// Codes to ask for, each with one of its names: two of three times the preferred one.
    asked: Vec<(String, String)>,
}

static GROUND: LazyLock<Ground> = LazyLock::new(|| {
    let all = concepts(1, CODES);
    let (release, folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    for (name, text) in layouts::rf2(&all, "20260101") {
        let path = release.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    imported(&release, &folder);
    let held = Held::open(folder.path()).unwrap().unwrap();
    let random = &mut Random::new(5);
    let asked = (0..ASKED).map(|_| {
        let place = random.below(CODES as u64) as usize;
        let made: &Made = &all[place];
        let other = made.synonyms.first().unwrap_or(&made.full);
        (made.id.clone(), if random.below(3) > 0 { made.name.clone() } else { other.clone() })
    });
    let asked: Vec<(String, String)> = asked.collect();
    let bytes = list(folder.path()).unwrap()[0].bytes;
    let texts: usize = all.iter().map(|m| m.id.len() + m.name.len() + m.full.len() + texts(&m.synonyms)).sum();
    eprintln!("{CODES} codes with {texts} bytes of codes and names: a file of {bytes} bytes");
    Ground { all, release, folder, held, asked }
});

fn texts(all: &[String]) -> usize {
    all.iter().map(String::len).sum()
}

fn imported(release: &TempDir, folder: &TempDir) {
    let out = import(&[PathBuf::from(release.path())], &Options::default(), folder.path()).unwrap();
    assert_eq!(out.sets[0].meta.concepts, CODES as u64);
}

fn system(ground: &Ground) -> &dyn HeldSystem {
    ground.held.system(SNOMED, None).unwrap()
}

fn known(system: &dyn HeldSystem, code: &str) -> u32 {
    let HeldCode::Known(index) = system.find(code) else { panic!("{code} is not there") };
    index
}

/// The release's files to a code set.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn import_500_000(bencher: Bencher) {
    let ground = &*GROUND;
    bencher.counter(ItemsCount::new(CODES)).bench_local(|| imported(&ground.release, &TempDir::new().unwrap()));
}

/// The folder's files found, and one mapped and verified.
#[divan::bench]
fn open(bencher: Bencher) {
    let ground = &*GROUND;
    bencher.bench_local(|| {
        let held = Held::open(ground.folder.path()).unwrap().unwrap();
        divan::black_box(held.system(SNOMED, None).is_some())
    });
}

/// Whether a code exists.
#[divan::bench]
fn code(bencher: Bencher) {
    let ground = &*GROUND;
    let system = system(ground);
    bencher
        .counter(ItemsCount::new(ASKED))
        .bench_local(|| ground.asked.iter().filter(|(code, _)| system.find(code) != HeldCode::Absent).count());
}

/// Whether a code exists, and a display is one of its names.
#[divan::bench]
fn code_and_display(bencher: Bencher) {
    let ground = &*GROUND;
    let system = system(ground);
    bencher.counter(ItemsCount::new(ASKED)).bench_local(|| {
        let fits = |(code, name): &&(String, String)| {
            check_held_display(system, known(system, code), name) == DisplayFit::Fits
        };
        ground.asked.iter().filter(fits).count()
    });
}

/// Whether a code is below another: one of sixteen, as filters of value sets name them.
#[divan::bench]
fn is_a(bencher: Bencher) {
    let ground = &*GROUND;
    let system = system(ground);
    let roots: Vec<u32> = (0..16).map(|i| known(system, &ground.all[10 + i * 50].id)).collect();
    bencher.counter(ItemsCount::new(ASKED)).bench_local(|| {
        let below =
            |(i, (code, _)): &(usize, &(String, String))| system.is_a(known(system, code), roots[i % 16]) == Some(true);
        ground.asked.iter().enumerate().filter(below).count()
    });
}

/// For comparison: the code and its names in a hash table, uncompressed in memory.
#[divan::bench]
fn hash_table_of_texts(bencher: Bencher) {
    let ground = &*GROUND;
    let table: HashMap<&str, Vec<&str>> = ground
        .all
        .iter()
        .map(|m| {
            let names = [m.name.as_str(), &m.full].into_iter().chain(m.synonyms.iter().map(String::as_str));
            (m.id.as_str(), names.collect())
        })
        .collect();
    bencher.counter(ItemsCount::new(ASKED)).bench_local(|| {
        let has = |(code, name): &&(String, String)| {
            table.get(code.as_str()).is_some_and(|names| names.contains(&name.as_str()))
        };
        ground.asked.iter().filter(has).count()
    });
}

fn main() {
    divan::main();
}
