//! The published snapshots, generated again from the differentials beside them: one line of the ledger a definition
//! with differences, one for all of a package that lack the same.

use fhir_accord_profiles::snapshot::Generator;

use super::compare::{Difference, compare, summary};
use super::packages::graph;
use crate::harness::{Test, repository, tests};
use crate::ledger::{Entry, Form, Ledger};

pub const TESTS: &[Test] = tests! { "packages" => published_snapshots; };

const R3: &str = "hl7.fhir.r3.core-3.0.2";
const R4: &str = "hl7.fhir.r4.core-4.0.1";
const R4B: &str = "hl7.fhir.r4b.core-4.3.0";
const R5: &str = "hl7.fhir.r5.core-5.0.0";
const EXTENSIONS: &str = "hl7.fhir.uv.extensions.r4-5.3.0";

/// A package whose snapshots are generated again, and those that it builds on.
const PACKAGES: [&[&str]; 10] = [
    &[R4],
    &[R4B],
    &[R5],
    &[EXTENSIONS, R4],
    &["hl7.fhir.us.core-2.0.0", R3],
    &["hl7.fhir.us.core-3.1.1", R4],
    &["hl7.fhir.us.core-6.1.0", R4, EXTENSIONS],
    &["hl7.fhir.us.core-7.0.0", R4, EXTENSIONS],
    &["hl7.fhir.us.core-8.0.0", R4, EXTENSIONS],
    &["hl7.fhir.uv.ips-1.1.0", R4, EXTENSIONS],
];

const HEAD: &str = "\
# One published definition a line, columns separated by tabs: package/definition, outcome, what differs (facet and
# number of elements), why. Definitions that do not differ have no line; `(all)` counts them. `(slicing by url)`: types
# whose published snapshots leave out the slicing that their base gives `extension` and `modifierExtension`.
";

fn published_snapshots() {
    let mut seen = Ledger::default();
    for names in PACKAGES {
        regenerate(names, &mut seen);
    }
    seen.hold(&repository().join("tests/conformance/published.ledger"), &Form { head: HEAD, kinds: &[] });
}

/// Generates the snapshots of the first package again.
fn regenerate(names: &[&str], seen: &mut Ledger) {
    let graph = graph(names);
    let source = (&graph, Some(0));
    let generator = Generator::new(&source);
    let (mut all, mut same, mut unsliced) = (0, 0, (0, 0));
    for definition in &graph.packages()[0].definitions {
        let value = definition.value();
        let Some(published) = value["snapshot"]["element"].as_array() else { continue };
        if value["differential"]["element"].is_null() {
            continue;
        }
        all += 1;
        let differences: Vec<Difference> = match generator.generate(value) {
            Ok(snapshot) => {
                let issues = snapshot.issues.iter().filter(|i| !i.problem.is_harmless());
                let issues = issues.map(|i| (i.element.clone(), "issue", String::new(), i.message.clone()));
                compare(published, &snapshot.elements).into_iter().chain(issues).collect()
            }
            Err(error) => vec![(definition.id.clone(), "no snapshot", String::new(), error.to_string())],
        };
        let of_type = |d: &Difference| value["derivation"] == "specialization" && is_unsliced(d);
        let (known, differences): (Vec<Difference>, Vec<Difference>) = differences.into_iter().partition(of_type);
        if !known.is_empty() {
            unsliced = (unsliced.0 + 1, unsliced.1 + known.len());
        }
        if differences.is_empty() {
            same += usize::from(known.is_empty());
        } else {
            for (id, facet, wanted, got) in &differences {
                println!("{} {} {id} {facet}: expected `{wanted}`, found `{got}`", names[0], definition.id);
            }
            seen.put(&format!("{}/{}", names[0], definition.id), Entry::Differ(summary(&differences)));
        }
    }
    println!("published {}: {same} of {all} the same", names[0]);
    seen.put(&format!("{}/(all)", names[0]), Entry::Counted(format!("{same} of {all} agree")));
    if unsliced.0 > 0 {
        let entry = Entry::Differ(format!("slicing {} in {} definitions", unsliced.1, unsliced.0));
        seen.put(&format!("{}/(slicing by url)", names[0]), entry);
    }
}

/// Whether only the published element lacks the slicing of extensions by url.
fn is_unsliced((_, facet, wanted, got): &Difference) -> bool {
    *facet == "slicing" && wanted.is_empty() && got == "value:url open false"
}
