//! Every ordered pair of profiles of one type of the embedded guides, and of the International Patient Access guide
//! where the shared folder has it: how many are decided, how long it takes, and whether any instance that is built
//! refutes a proof. Prints the tables of `docs/relations.md`.
//!
//! `cargo bench --bench relations [-- INSTANCES]`: so many instances are built in all (default 100,000).
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::ProfileJudge;
use fhir_accord::profiles::generate::{Generator, Judge, Kind, Verdict};
use fhir_accord::profiles::plan::Handle;
use fhir_accord::profiles::relation::{Relations, StepKind};

const GUIDES: [&str; 6] = [
    "hl7.fhir.us.core#3.1.1",
    "hl7.fhir.us.core#6.1.0",
    "hl7.fhir.us.core#7.0.0",
    "hl7.fhir.us.core#8.0.0",
    "hl7.fhir.ca.baseline#1.2.0",
    "hl7.fhir.uv.ips#1.1.0",
];
/// Instances that are built for each profile that is proven to satisfy another one, at least.
const EACH: usize = 50;

#[derive(Default)]
struct Answers {
    validity: BTreeMap<&'static str, usize>,
    coverage: BTreeMap<&'static str, usize>,
    /// The open steps of pairs that stay unknown, by kind.
    open: BTreeMap<StepKind, usize>,
    pairs: usize,
    proving: Duration,
    searching: Duration,
    covering: Duration,
    proven: Vec<(Handle, Handle)>,
    refuted: BTreeSet<(Handle, Handle)>,
}

fn main() {
    let count = std::env::args().filter_map(|a| a.parse().ok()).next().unwrap_or(100_000);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("ACCORD_SHARED").map_or_else(|| root.join("../shared"), Into::into);
    let mut packages: Vec<String> = GUIDES.map(str::to_owned).to_vec();
    packages.extend(
        Some(shared.join("packages/hl7.fhir.uv.ipa-1.1.0.tgz"))
            .filter(|p| p.is_file())
            .map(|p| p.display().to_string()),
    );
    let app = App::open(&Settings { packages, ..Settings::default() }).unwrap();
    let types = profiles(&app);
    let answers = compare(&app, &types);
    print(&answers);
    chains(&app, &answers);
    attack(&app, &answers.proven, count);
}

/// The profiles of the guides, by type.
fn profiles(app: &App) -> BTreeMap<String, Vec<Handle>> {
    let set = app.set();
    let mut types: BTreeMap<String, Vec<Handle>> = BTreeMap::new();
    for (layer, image) in set.layers().iter().enumerate() {
        let id = image.package();
        if GUIDES.contains(&id.as_str()) || id.starts_with("hl7.fhir.uv.ipa") {
            for root in set.resource_profiles(layer) {
                types.entry(set.type_name_of(root).unwrap().to_owned()).or_default().push(root);
            }
        }
    }
    types
}

fn compare(app: &App, types: &BTreeMap<String, Vec<Handle>>) -> Answers {
    let mut relations = Relations::new(app.plans(), ProfileJudge::new(app.plans()));
    let mut out = Answers::default();
    for roots in types.values() {
        for (a, b) in roots.iter().flat_map(|a| roots.iter().map(move |b| (*a, *b))) {
            out.pairs += 1;
            let started = Instant::now();
            let proof = relations.prove(a, b).unwrap();
            out.proving += started.elapsed();
            assert!(a != b || proof.holds, "{} does not satisfy itself", app.set().canonical_of(a));
            let started = Instant::now();
            let found = relations.compare(a, b).unwrap();
            out.searching += started.elapsed();
            let started = Instant::now();
            let coverage = relations.coverage(b, a).unwrap();
            out.covering += started.elapsed();
            *out.validity.entry(found.validity.name()).or_default() += 1;
            *out.coverage.entry(coverage.name()).or_default() += 1;
            if proof.holds && a != b {
                out.proven.push((a, b));
            }
            if found.witness.is_some() {
                out.refuted.insert((a, b));
            }
            if found.validity.name() == "unknown" {
                let mut kinds: Vec<StepKind> = found.open.iter().map(|s| s.kind).collect();
                kinds.sort_unstable();
                kinds.dedup();
                kinds.into_iter().for_each(|kind| *out.open.entry(kind).or_default() += 1);
            }
        }
    }
    out
}

fn print(answers: &Answers) {
    println!("{} pairs\n\n| answer | validity | coverage |\n|---|---|---|", answers.pairs);
    let of = |all: &BTreeMap<&str, usize>, name: &str| all.get(name).copied().unwrap_or(0);
    let rows = [("proven", "all"), ("partial", "part"), ("refuted", "none"), ("unknown", "unknown")];
    for (validity, coverage) in rows {
        let (v, c) = (of(&answers.validity, validity), of(&answers.coverage, coverage));
        println!("| {validity} / {coverage} | {v} | {c} |");
    }
    println!("\n| open step | pairs that stay unknown |\n|---|---|");
    for (kind, count) in &answers.open {
        println!("| {} | {count} |", kind.name());
    }
    let each = |d: Duration| d.as_secs_f64() * 1000.0 / answers.pairs as f64;
    println!(
        "\na pair on average: {:.2} ms of proof, {:.2} ms with the search for a witness, {:.2} ms of coverage",
        each(answers.proving),
        each(answers.searching),
        each(answers.covering)
    );
}

/// Where A is proven to satisfy B, and B to satisfy C, nothing refutes that A satisfies C.
fn chains(app: &App, answers: &Answers) {
    let (mut chains, mut wrong) = (0usize, 0usize);
    for (a, b) in &answers.proven {
        for (_, c) in answers.proven.iter().filter(|(middle, _)| middle == b) {
            chains += 1;
            if answers.refuted.contains(&(*a, *c)) {
                wrong += 1;
                let [a, b, c] = [a, b, c].map(|h| app.set().canonical_of(*h));
                println!("WRONG {a} satisfies {b}, which satisfies {c}, which a witness of {a} refutes");
            }
        }
    }
    println!("\n{chains} chains of two proofs, {wrong} against a refutation");
}

/// No instance that is valid for A is invalid for B, where A is proven to satisfy B.
fn attack(app: &App, proven: &[(Handle, Handle)], count: usize) {
    let generator = Generator::new(app.plans());
    let mut judge = ProfileJudge::new(app.plans());
    let mut wider: BTreeMap<Handle, Vec<Handle>> = BTreeMap::new();
    proven.iter().for_each(|(a, b)| wider.entry(*a).or_default().push(*b));
    let each = (count / wider.len().max(1)).max(EACH);
    let (mut built, mut checks, mut wrong) = (0usize, 0usize, 0usize);
    for (a, all) in &wider {
        for (kind, n) in [(Kind::Minimal, 1), (Kind::Full, 1), (Kind::Boundary, each)] {
            for instance in generator.instances(*a, kind, n, 11, &mut judge).instances {
                built += 1;
                let text = instance.value.to_string();
                for b in all {
                    checks += 1;
                    if judge.judge(&text, *b).verdict == Verdict::Invalid {
                        wrong += 1;
                        println!("WRONG {} {}: {text}", app.set().canonical_of(*a), app.set().canonical_of(*b));
                    }
                }
            }
        }
    }
    println!("\n{} proven pairs, {built} instances built, {checks} checks, {wrong} against a proof", proven.len());
    assert_eq!(wrong, 0, "a proof is wrong");
}
