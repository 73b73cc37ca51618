//! The share of invariants in validation, parse and report included, one thread: the same US Core 6.1.0 examples under
//! the guide's definitions, and under the same definitions without their constraints, pass by pass in one run.
//!
//! Prints one line. `ACCORD_PASSES=N`: how often each is measured; the median counts.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark may fail by panicking")]
#![allow(dead_code, reason = "every benchmark uses a part of `common`")]

mod common;

use std::sync::Arc;
use std::time::Instant;

use fhir_accord::packages::Resolution;
use fhir_accord::profiles::compile;
use fhir_accord::profiles::evaluate::{Answers, Evaluator, Memory, Policies, Terms};
use fhir_accord::profiles::explain;
use fhir_accord::profiles::instance::{Limits, read};
use fhir_accord::profiles::plan::{Image, ImageSet, Plans};
use fhir_accord::profiles::registry::{Definition, DefinitionHead, Package, PackageGraph};

/// The package, its definitions without their constraints.
fn unconstrained(package: &Package) -> Arc<Package> {
    let definitions = package.definitions.iter().map(|d| {
        let mut value = (**d.value()).clone();
        for part in ["/snapshot/element", "/differential/element"] {
            let elements = value.pointer_mut(part).and_then(|e| e.as_array_mut()).into_iter().flatten();
            elements.filter_map(|e| e.as_object_mut()).for_each(|e| drop(e.shift_remove("constraint")));
        }
        let text: Arc<[u8]> = value.to_string().into_bytes().into();
        let range = 0..text.len();
        let head = DefinitionHead {
            resource_type: d.resource_type.clone(),
            id: d.id.clone(),
            url: d.url.clone(),
            version: d.version.clone(),
            file: d.file.clone(),
        };
        Definition::new(head, text, range)
    });
    Arc::new(Package::new(
        package.id.clone(),
        package.version.clone(),
        package.fhir_version,
        package.dependencies.clone(),
        definitions.collect(),
        package.sha256.clone(),
    ))
}

/// The plans of the package set, with or without constraints.
fn plans(resolution: &Resolution, kept: bool) -> Plans {
    let graph = resolution.load().unwrap();
    let packages: Vec<_> = graph.packages().iter().map(|p| if kept { p.clone() } else { unconstrained(p) }).collect();
    let core = packages.iter().position(|p| p.id == resolution.fhir_version.core_package()).unwrap();
    let graph = PackageGraph::new(packages, resolution.dependencies.clone(), resolution.absent.clone());
    let model = compile::model(&graph, core);
    let image = |i: usize| Arc::new(Image::new(compile::package(&graph, i, &model, i == core).into(), false).unwrap());
    Plans::new(Arc::new(ImageSet::new((0..graph.packages().len()).map(image).collect(), &resolution.links(), core)))
}

/// Seconds to validate all texts, and the number of issues.
fn pass(plans: &Plans, texts: &[Vec<u8>], memory: &mut Memory) -> (f64, usize) {
    let (evaluator, policies, set) = (Evaluator::new(plans), Policies::default(), plans.set());
    let started = Instant::now();
    let answers = Answers::default();
    let mut issues = 0;
    for text in texts {
        let tape = read(text, set.model().names(), &Limits::default());
        let terms = Terms { policies: &policies, answers: &answers, asks: false, now: None, resources: None };
        let judgement = evaluator.evaluate(&tape, &[], terms, memory);
        issues += explain::report(&tape, set, &judgement, &policies).issues.len();
    }
    (started.elapsed().as_secs_f64(), issues)
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn main() {
    let passes = std::env::var("ACCORD_PASSES").ok().and_then(|p| p.parse().ok()).unwrap_or(101usize).max(1);
    let (app, texts) = (common::app(), common::instances());
    let [with, without] = [true, false].map(|kept| plans(app.resolution(), kept));
    let mut memory = Memory::default();
    let (_, issues) = pass(&with, &texts, &mut memory);
    pass(&without, &texts, &mut memory);
    let both: Vec<(f64, f64)> =
        (0..passes).map(|_| (pass(&with, &texts, &mut memory).0, pass(&without, &texts, &mut memory).0)).collect();
    let (with, without) = (median(both.iter().map(|b| b.0).collect()), median(both.iter().map(|b| b.1).collect()));
    println!(
        "invariants: {} resources, {issues} issues; with constraints {:.3} ms, without {:.3} ms, medians of \
         {passes} passes -> {:.1} % of validation",
        texts.len(),
        with * 1e3,
        without * 1e3,
        100.0 * (with - without) / with
    );
}
