//! Instances of older FHIR versions: of DAF's and Argonaut's profiles, and of the constraints of DSTU2, each in JSON
//! and in XML. What the files hold: `tests/versions/README.md`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "versions/constraints.rs"]
mod constraints;
#[path = "versions/judged.rs"]
mod judged;
#[path = "versions/patch.rs"]
mod patch;
#[path = "versions/profiles.rs"]
mod profiles;
#[path = "versions/prose.rs"]
mod prose;
#[path = "versions/references.rs"]
mod references;

use std::path::Path;

use fhir_accord::app::{App, Settings};

/// The engine over these packages and definitions.
fn open(packages: &[String]) -> App {
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("versions"));
    App::open(&Settings { packages: packages.to_vec(), images, ..Settings::default() }).unwrap()
}
