//! US Core 2.0.0 on STU3: the guide's own examples, and faulty changes of them (`tests/versions/stu3`).

use std::io::Read;
use std::path::PathBuf;

use fhir_accord::app::{App, Settings};
use serde_json::Value;

use crate::harness::{Test, shared, tests};
use crate::judged::{files, wrong};

pub const TESTS: &[Test] = tests! { "packages/hl7.fhir.us.core-2.0.0.tgz" => us_core_on_stu3; };

/// The file of this name in an archive.
fn member(archive: &PathBuf, name: &str) -> Value {
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(std::fs::File::open(archive).unwrap()));
    for entry in tar.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.path().unwrap().file_name().is_some_and(|n| n == name) {
            let mut text = Vec::new();
            entry.read_to_end(&mut text).unwrap();
            return serde_json::from_slice(&text).unwrap();
        }
    }
    panic!("{name} is not in {}", archive.display());
}

fn us_core_on_stu3() {
    let archive = shared().join("packages/hl7.fhir.us.core-2.0.0.tgz");
    let settings = Settings {
        packages: vec![archive.display().to_string()],
        images: Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("stu3")),
        ..Settings::default()
    };
    let app = App::open(&settings).unwrap();
    let mut faults = Vec::new();
    for (path, file) in files("stu3/us-core") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let here = wrong(&app, &file, |example| member(&archive, example));
        faults.extend(here.into_iter().map(|fault| format!("{name} {fault}")));
    }
    assert!(faults.is_empty(), "{} wrong:\n{}", faults.len(), faults.join("\n"));
}
