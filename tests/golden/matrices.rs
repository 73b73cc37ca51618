//! Clients beside many servers, as people read it.

use clap::Parser;
use fhir_accord::app::Known;
use fhir_accord::cli::matrix::{Args, run};

use crate::compare;

#[derive(clap::Parser)]
struct Command {
    #[command(flatten)]
    args: Args,
}

/// What `accord matrix` prints.
fn printed(arguments: &[&str]) -> String {
    let args = Command::parse_from(std::iter::once(&"matrix").chain(arguments)).args;
    let known = Known::open(&[], &[]).unwrap();
    let mut out = Vec::new();
    assert_eq!(run(&args, &known, &mut out), Ok(0));
    String::from_utf8(out).unwrap()
}

const STATEMENTS: &str = "tests/golden/statements";

#[test]
fn what_people_read() {
    let guides = ["ig:hl7.fhir.us.core#3.1.1", "ig:hl7.fhir.us.core#6.1.0", "ig:hl7.fhir.us.core#8.0.0"];
    let folder = format!("{STATEMENTS}/older-server.json");
    let of_guides: Vec<&str> = ["--client", "ig:hl7.fhir.ca.baseline#1.2.0", "ig:hl7.fhir.us.core#6.1.0", "--server"]
        .into_iter()
        .chain(guides)
        .chain([folder.as_str()])
        .collect();
    compare("matrices", "guides", &printed(&of_guides));
    compare("matrices", "folder", &printed(&["--client", STATEMENTS, "--server", STATEMENTS, "--weigh", "present"]));
    let asked = "launch/patient patient/Patient.rs patient/Observation.r";
    let scopes = ["--scope", asked, "--smart", "tests/golden/smart"];
    let of_scopes: Vec<&str> = ["--client", STATEMENTS, "--server", STATEMENTS].into_iter().chain(scopes).collect();
    compare("matrices", "scopes", &printed(&of_scopes));
}
