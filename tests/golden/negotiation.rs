//! Two national guides as parties: what Canada's baseline requires beside what US Core promises.

use std::fmt::Write;
use std::sync::OnceLock;

use fhir_accord::app::Known;
use fhir_accord::capability::agreement::Agreement;
use fhir_accord::capability::{NegotiateRequest, Side, negotiate};

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

#[test]
fn statuses_of_two_guides() {
    let agreement = agreement();
    let mut text = format!("{:?}: {:?}\n", agreement.verdict, agreement.counts.shall);
    for p in agreement.resources.iter().flat_map(|r| &r.profiles) {
        let by = p.satisfied_by.as_deref().map_or("-", short);
        let _ = writeln!(text, "{:?} {} by {by} ({})", p.status, short(&p.required), p.why.join(", "));
    }
    compare("negotiation", "statuses", &text);
}

#[test]
fn a_finding_of_two_guides() {
    let immunization = agreement().resources.iter().find(|r| r.resource_type == "Immunization").unwrap();
    compare("negotiation", "immunization", &serde_json::to_string_pretty(&immunization.profiles[0]).unwrap());
}
