//! Checks generated snapshots against the official suites and against the snapshots that packages publish. Two ledgers
//! give the reason for each difference.

#[path = "snapshots/compare.rs"]
mod compare;
#[path = "snapshots/manifest.rs"]
mod manifest;
#[path = "snapshots/older.rs"]
mod older;
#[path = "../../profiles/tests/snapshot/packages.rs"]
mod packages;
#[path = "snapshots/published.rs"]
pub mod published;
#[path = "snapshots/suite.rs"]
mod suite;

use suite::Suite;

use crate::harness::{Test, repository, suites, tests};
use crate::ledger::{Entry, Form, Ledger};

pub const TESTS: &[Test] = tests! {
    "packages fhir-test-cases/r4b/snapshot-generation fhir-test-cases/r5/snapshot-generation \
     fhir-test-cases/rX/snapshot-generation" => official_snapshots;
};

/// The suites with the FHIR versions that their cases build on, unless they name another the first. The later edition
/// of a suite comes before the earlier; whether one is earlier is the last column.
const SUITES: [(&str, &[&str], bool); 3] =
    [("r5", &["5.0.0"], false), ("r4b", &["4.3.0"], true), ("rX", &["4.0.1", "5.0.0"], false)];

fn official_snapshots() {
    let (folder, own) = suites();
    let mut seen = Ledger::default();
    let mut later: Option<Suite> = None;
    for (name, versions, is_earlier) in SUITES {
        let mut suite = Suite::load(&folder.join(name).join("snapshot-generation"), versions);
        let edition = later.as_ref().filter(|_| is_earlier);
        suite.succeed(edition);
        let mut counts = [0; 4];
        for case in suite.cases() {
            let entry = suite.judge(case, edition);
            counts[entry.place()] += 1;
            seen.put(&format!("{name}/{}", case.id), entry);
        }
        let [agree, superseded, differ, skipped] = counts;
        println!(
            "snapshots-{name}: {agree} agree, {superseded} superseded by a later edition of the case, {differ} differ, \
             {skipped} skipped"
        );
        later.get_or_insert(suite);
    }
    if own {
        seen.hold(&repository().join("tests/conformance/snapshots.ledger"), &Form { head: HEAD, kinds: &[] });
    } else {
        seen.print(|e| !matches!(e, Entry::Agree));
    }
}

const HEAD: &str = "\
# One case a line, columns separated by tabs: suite/case, outcome, what differs (facet and number of elements) or why it
# was not run, why it differs.
# superseded: in what differs, the later edition (r5) says what is said here: of the same case, which agrees; or it is
# of a kind that cases of that edition settle: the minimum of a sliced element, the maximum of an extension, what is
# said below a sliced element, the head of a choice with one slice.
";
