//! The forms of the result of `accord validate`, over the instances of the reports.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::compare;

/// Compares what the program writes in a form of instances with errors, an open question, and none of both.
fn form(format: &str) {
    let home = TempDir::new().unwrap();
    let of = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let output = Command::new(env!("CARGO_BIN_EXE_accord"))
        .args(of("validate bindings.json undetermined.json format_xml.xml --package hl7.fhir.us.core#6.1.0"))
        .args(of("--package hl7.fhir.us.core#3.1.1 --quiet --format"))
        .arg(format)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/instances"))
        .env("HOME", home.path())
        .env("ACCORD_IMAGES", home.path())
        .env_remove("ACCORD_PACKAGES")
        .env_remove("ACCORD_TERMINOLOGY")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap().replace(env!("CARGO_PKG_VERSION"), "VERSION");
    // The style sheet is a file of its own.
    let text = match (text.find("<style>"), text.find("</style>")) {
        (Some(from), Some(to)) => format!("{}{}", &text[..from], &text[to..]),
        _ => text,
    };
    compare("forms", format, &text.replace("\r\n", "\n"));
}

#[test]
fn sarif() {
    form("sarif");
}

#[test]
fn junit() {
    form("junit");
}

#[test]
fn github() {
    form("github");
}

#[test]
fn csv() {
    form("csv");
}

#[test]
fn html() {
    form("html");
}
