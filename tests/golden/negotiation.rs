//! Negotiations as people read them; and two national guides as parties: what Canada's baseline requires beside what US
//! Core promises.

use std::fmt::Write;
use std::sync::OnceLock;

use clap::Parser;
use fhir_accord::app::Known;
use fhir_accord::capability::agreement::{Agreement, Kind};
use fhir_accord::capability::{NegotiateRequest, Side, negotiate};
use fhir_accord::cli::negotiate::{Args, run as negotiate_command};

use crate::compare;

fn agreement() -> &'static Agreement {
    static MADE: OnceLock<Agreement> = OnceLock::new();
    MADE.get_or_init(|| {
        let guides = ["hl7.fhir.ca.baseline#1.2.0", "hl7.fhir.us.core#6.1.0"];
        let known = Known::open(&[], &guides.map(str::to_owned)).unwrap();
        let [client, server] = guides.map(|g| Side::parse_guide(&format!("ig:{g}")).unwrap());
        negotiate(&NegotiateRequest::new(client, server), &known.session()).unwrap()
    })
}

fn short(canonical: &str) -> &str {
    canonical.rsplit('/').next().unwrap()
}

/// What `accord negotiate` prints for two sides of `tests/golden/statements/`, or for guides.
fn printed(client: &str, server: &str, more: &[&str]) -> String {
    let file = |name: &str| match name.starts_with("ig:") {
        true => name.to_owned(),
        false => format!("tests/golden/statements/{name}.json"),
    };
    let (client, server) = (file(client), file(server));
    let sides = ["negotiate", "--client", &client, "--server", &server];
    let args = Command::parse_from(sides.iter().chain(more)).args;
    let known = Known::open(&[], &[]).unwrap();
    let mut out = Vec::new();
    assert_eq!(negotiate_command(&args, &known.session(), &|_, _| panic!("nothing is observed"), &mut out), Ok(0));
    String::from_utf8(out).unwrap()
}

#[derive(clap::Parser)]
struct Command {
    #[command(flatten)]
    args: Args,
}

#[test]
fn what_people_read() {
    let policy = |name: &str| format!("tests/golden/statements/{name}.json");
    let (narrowed, registration, smart) =
        (policy("narrowed-policy"), policy("registration-policy"), policy("v1-only-smart"));
    let searches = "launch/patient patient/Observation.rs";
    let two = "launch/patient patient/Patient.rs patient/Observation.rs?category=laboratory";
    let cases: [(&str, &str, &str, &[&str]); 10] = [
        ("narrowed", "narrowed-client", "narrowed-server", &["--scope", searches, "--policy", &narrowed]),
        ("no_search", "no-search-client", "no-search-server", &["--scope", "launch/patient patient/Observation.r"]),
        ("combination", "combination-client", "combination-server", &[]),
        ("single", "single-client", "single-server", &[]),
        ("older", "ig:hl7.fhir.us.core#6.1.0", "older-server", &[]),
        ("derived", "derived-client", "derived-server", &[]),
        ("system", "system-client", "system-server", &["--verbose"]),
        (
            "registration",
            "narrowed-client",
            "narrowed-server",
            &["--scope", "launch/patient patient/*.read", "--policy", &registration],
        ),
        ("v1_only", "narrowed-client", "narrowed-server", &["--smart", &smart, "--scope", two]),
        ("granted", "no-search-client", "single-server", &["--scope", searches, "--granted", "launch/patient"]),
    ];
    for (name, client, server, more) in cases {
        compare("negotiation", name, &printed(client, server, more));
    }
}

/// What stands between the head and the meanings of rules.
#[test]
fn a_page() {
    let html = printed("single-client", "single-server", &["--format", "html"]);
    let main = html.split("<main").nth(1).and_then(|m| m.split("<section aria-labelledby=\"rules\">").next());
    compare("negotiation", "page", main.unwrap());
}

#[test]
fn statuses_of_two_guides() {
    let agreement = agreement();
    let mut text = format!("{:?}: {:?}\n", agreement.verdict, agreement.counts.shall);
    for (row, p) in agreement.resources.iter().flat_map(|r| r.profiles()) {
        let why: Vec<&str> = row.why.iter().map(|r| r.id()).collect();
        let by = p.satisfied_by.as_deref().map_or("-", short);
        let _ = writeln!(text, "{:?} {} by {by} ({})", p.status, short(&p.required), why.join(", "));
    }
    compare("negotiation", "statuses", &text);
}

#[test]
fn a_finding_of_two_guides() {
    let immunization = agreement().resources.iter().find(|r| r.resource_type == "Immunization").unwrap();
    compare(
        "negotiation",
        "immunization",
        &serde_json::to_string_pretty(&immunization.row(Kind::Profile, 0).unwrap()).unwrap(),
    );
}
