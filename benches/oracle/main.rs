//! Mutants of valid R4 instances, judged by the engine and by the official Java validator, and where the two differ.
//!
//! `cargo bench --bench oracle -- [--number N] [--seed N] [--kinds A,B] [--examples PATH]… [--packages ID#VERSION,…]
//! [--oracle COMMAND] [--batch N] [--out FOLDER]`. An example is an archive of a package, or a folder. The oracle is a
//! command that is called as `COMMAND PACKAGE,… FOLDER` and reads names of files from its input; it writes an
//! OperationOutcome for each into the folder: `a.json` for `a.json`, `b.xml.json` for `b.xml`. Outcomes that are there
//! are not asked for again. Prints a table; `differences.ndjson` in the folder has every place at which the two differ,
//! with the reason that `ledger.tsv` gives.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

mod compare;
mod engine;
mod issue;
mod kinds;
mod ledger;
mod mutants;
mod options;
mod oracle;
#[path = "../../tests/harness/place.rs"]
mod place;
mod random;
mod reasons;
mod seeds;
mod sites;
mod tables;
mod xml;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use compare::Case;
use engine::Engine;
use ledger::Ledger;
use mutants::{Mutant, write_all};
use options::Options;
use oracle::Oracle;
use seeds::Seed;

fn main() {
    let options = Options::read();
    let missing: Vec<&Path> =
        options.examples.iter().chain([&options.oracle]).map(AsRef::as_ref).filter(|p: &&Path| !p.exists()).collect();
    if !missing.is_empty() {
        eprintln!("not here: {missing:?}; name the examples with --examples, the validator with --oracle");
        return;
    }
    assert_eq!(reasons::broken(reasons::LEDGER), [""; 0], "rows of the ledger that say nothing");
    let ledger = Ledger::embedded();
    let engine = Engine::open(&options.packages);
    let oracle = Oracle::new(&options);
    let seeds = valid(&options, &engine, &oracle);
    let mutants = mutants::make(&seeds, &options);
    let folder = options.out.join("mutants");
    write_all(&folder, &mutants);
    oracle.ask(&folder, mutants.iter().map(Mutant::file));
    let started = Instant::now();
    let cases: Vec<Case<'_>> = mutants.iter().map(|m| judged(m, &engine, &oracle)).collect();
    println!("{} mutants judged by the engine in {:.1} s\n", cases.len(), started.elapsed().as_secs_f64());
    tables::print(&cases, &ledger);
    tables::write_differences(&options.out.join("differences.ndjson"), &cases, &ledger);
}

/// The examples that both find valid.
fn valid(options: &Options, engine: &Engine, oracle: &Oracle) -> Vec<Seed> {
    let all = seeds::read(&options.examples);
    let count = all.len();
    let ours: Vec<Seed> = all.into_iter().filter(|s| engine.judge(&s.text).is_valid()).collect();
    let folder = options.out.join("seeds");
    seeds::write_all(&folder, &ours);
    oracle.ask(&folder, ours.iter().map(Seed::file));
    let known = ours.len();
    let both: Vec<Seed> =
        ours.into_iter().filter(|s| oracle.outcome(&s.file()).is_some_and(|o| o.errors.is_empty())).collect();
    let types: BTreeSet<&str> = both.iter().filter_map(|s| s.value.get("resourceType")?.as_str()).collect();
    println!(
        "{count} examples, {known} valid for the engine, {} for both, of {} resource types",
        both.len(),
        types.len()
    );
    both
}

fn judged<'m>(mutant: &'m Mutant, engine: &Engine, oracle: &Oracle) -> Case<'m> {
    Case::new(mutant, engine.judge(&mutant.made.text), oracle.outcome(&mutant.file()))
}
