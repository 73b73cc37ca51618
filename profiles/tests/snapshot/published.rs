//! The published snapshots, generated again and compared facet by facet.
//!
//! Disagreements are counted by facet, and may not grow. What they come from:
//!
//! - US Core 3.1.1 to 7.0.0, IPS, R4 (element, binding, type, min, max, mustSupport, constraint): their
//!   generator gave slices nothing of what the differential says below the sliced element; 8.0.0's does
//! - R4, US Core 3.1.1 (slicing, type): a choice's shorthand closed it to that type even where it may be
//!   absent; later generators leave it open
//! - R4, IPS, US Core 3.1.1 (min): the minimum of the slices did not raise that of an implicitly sliced element
//! - R4, IPS (constraint): the constraints of a datatype's profile stood on the element too; by FHIR-43932 they
//!   do not
//! - R4, US Core 3.1.1 (element): extensions slices entered without need; slices without a slicing named the
//!   element instead
//! - IPS (isModifier, slicing): wrong there: modifiers of the base are none, and two closed slicings are open
//! - R4 (max, contentReference): four maxima of an extension within one with maximum 0; a content reference led
//!   to a slice
//! - US Core 3.1.1 (binding): an extension's element had no binding, though its definition's root has
//! - US Core 6.1.0 to 8.0.0 (binding): the units of vital signs' components are bound as required by the base,
//!   and not so in the published heir
//! - R4, US Core (issue): faults of the differentials; the base of one profile (SDC) is not loaded

use std::collections::BTreeMap;

use fhir_accord_profiles::snapshot::Generator;

use crate::compare::{Difference, compare};
use crate::harness::{Test, tests};
use crate::packages::graph;

/// Generates every profile's snapshot of the first package again; the disagreements with the published one.
fn regenerate(names: &[&str]) -> Vec<(String, Difference)> {
    let graph = graph(names);
    let source = (&graph, Some(0));
    let generator = Generator::new(&source);
    let mut all = Vec::new();
    for definition in &graph.packages()[0].definitions {
        let value = definition.value();
        let Some(published) = value["snapshot"]["element"].as_array().filter(|_| value["derivation"] == "constraint")
        else {
            continue;
        };
        let differences = match generator.generate(value) {
            Ok(snapshot) => {
                let issues =
                    snapshot.issues.iter().map(|i| (i.element.clone(), "issue", String::new(), i.message.clone()));
                compare(published, &snapshot.elements).into_iter().chain(issues).collect()
            }
            Err(error) => vec![(definition.id.clone(), "issue", String::new(), error.to_string())],
        };
        all.extend(differences.into_iter().map(|d| (definition.id.clone(), d)));
    }
    all
}

/// Fails where a facet disagrees more often than `allowed` says.
fn check(names: &[&str], allowed: &[(&str, usize)]) {
    let all = regenerate(names);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (definition, (id, facet, wanted, got)) in &all {
        *counts.entry(facet).or_default() += 1;
        println!("{} {definition} {id} {facet}: expected `{wanted}`, found `{got}`", names[0]);
    }
    println!("{}: {counts:?}", names[0]);
    for (facet, count) in counts {
        let limit = allowed.iter().find(|(f, _)| *f == facet).map_or(0, |(_, limit)| *limit);
        assert!(count <= limit, "{}: {count} disagreements about {facet}, {limit} were known", names[0]);
    }
}

const R4: &str = "hl7.fhir.r4.core-4.0.1";
const EXTENSIONS: &str = "hl7.fhir.uv.extensions.r4-5.3.0";

pub const TESTS: &[Test] = tests! {
    "packages" => us_core_3, us_core_6, us_core_7, us_core_8, ips, r4_core;
};

fn us_core_3() {
    let known = [
        ("binding", 3),
        ("constraint", 2),
        ("contentReference", 1),
        ("element", 48),
        ("min", 2),
        ("mustSupport", 4),
        ("slicing", 4),
        ("type", 8),
    ];
    check(&["hl7.fhir.us.core-3.1.1", R4], &known);
}

fn us_core_6() {
    check(
        &["hl7.fhir.us.core-6.1.0", R4, EXTENSIONS],
        &[("binding", 3), ("element", 32), ("issue", 2), ("mustSupport", 4), ("type", 4)],
    );
}

fn us_core_7() {
    check(
        &["hl7.fhir.us.core-7.0.0", R4, EXTENSIONS],
        &[("binding", 3), ("element", 32), ("issue", 2), ("mustSupport", 6), ("type", 4)],
    );
}

fn us_core_8() {
    check(&["hl7.fhir.us.core-8.0.0", R4, EXTENSIONS], &[("binding", 1), ("issue", 2)]);
}

fn ips() {
    let known = [
        ("constraint", 39),
        ("isModifier", 4),
        ("max", 100),
        ("min", 52),
        ("mustSupport", 52),
        ("slicing", 2),
        ("type", 14),
    ];
    check(&["hl7.fhir.uv.ips-1.1.0", R4, EXTENSIONS], &known);
}

fn r4_core() {
    let known = [
        ("binding", 1),
        ("constraint", 12),
        ("contentReference", 1),
        ("element", 11),
        ("issue", 5),
        ("max", 5),
        ("min", 30),
        ("slicing", 12),
        ("type", 18),
    ];
    check(&[R4], &known);
}
