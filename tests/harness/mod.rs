//! Runs tests that read the shared folder (`../shared`, or `$ACCORD_SHARED`). A test says which of its files and
//! folders it reads; where one of them is missing the test is reported as ignored, with what is missing, and counted as
//! such in the last line. Targets that use it are built with `harness = false`, so `#[test]` does nothing in them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Completion, Trial};

/// One test.
pub struct Test {
    /// Its path, as `module::name`.
    pub name: &'static str,
    /// What it reads of the shared folder: paths below it, separated by spaces.
    pub needs: &'static str,
    /// Its body; it fails by panicking.
    pub run: fn(),
}

/// A list of tests by what they need: `tests! { "packages" => one, other; "" => third; }`.
macro_rules! tests {
    ($($needs:expr => $($name:ident),+ $(,)?;)+) => {
        &[$($(crate::harness::Test {
            name: concat!(module_path!(), "::", stringify!($name)),
            needs: $needs,
            run: $name,
        }),+),+]
    };
}
pub(crate) use tests;

const SUITES: &str = "fhir-test-cases";

/// The root of the project, from any of its packages.
pub fn repository() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().find(|p| p.join("tests/harness").is_dir()).unwrap_or(here)
}

/// Where the shared folder is or would be.
pub fn shared() -> PathBuf {
    std::env::var_os("ACCORD_SHARED").map_or_else(|| repository().join("../shared"), PathBuf::from)
}

/// The official suites, and whether they are those that the ledgers speak of: `$ACCORD_SUITE` names another copy.
pub fn suites() -> (PathBuf, bool) {
    match std::env::var_os("ACCORD_SUITE") {
        Some(folder) => (PathBuf::from(folder), false),
        None => (shared().join(SUITES), true),
    }
}

/// The first of these paths that does not exist.
fn missing(needs: &str) -> Option<PathBuf> {
    let place = |path: &str| match path.strip_prefix(SUITES) {
        Some(below) => suites().0.join(below.trim_start_matches('/')),
        None => shared().join(path),
    };
    needs.split_whitespace().map(place).find(|path| !path.exists())
}

fn trial(test: &Test) -> Trial {
    let name = test.name.split_once("::").map_or(test.name, |(_, below)| below);
    let (needs, run) = (test.needs, test.run);
    Trial::ignorable_test(name, move || {
        if let Some(path) = missing(needs) {
            return Ok(Completion::ignored_with(format!("{} is missing", path.display())));
        }
        run();
        Ok(Completion::Completed)
    })
}

/// Runs the tests that the command line selects.
pub fn main(groups: &[&[Test]]) -> ExitCode {
    let trials = groups.iter().copied().flatten().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
