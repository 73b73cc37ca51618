//! What has changed between versions of a guide: counts by level, and the profiles that break.

use std::fmt::Write;

use fhir_accord::app::Settings;
use fhir_accord::difference::{Ask, Report, Status, compare as differences};
use fhir_accord::relations::{Operand, Until, open};

use crate::compare;

/// The versions of a guide beside each other.
fn report(old: &str, new: &str) -> Report {
    let operands = [old, new].map(|v| Operand::Package(format!("hl7.fhir.us.core#{v}")));
    let settings = Settings::default();
    let app = open(&[&operands[0], &operands[1]], &[], &settings).unwrap();
    let [a, b] = operands.map(|o| o.find_all(&app).unwrap());
    differences(&app, &a, &b, Ask { witnesses: true, until: Until::default() }).unwrap()
}

/// Counts, and a line for each profile that breaks.
fn summary(report: &Report) -> String {
    let n = report.counts;
    let mut out = format!("{} -> {}\n", report.old, report.new);
    let _ = writeln!(out, "writer {}, reader {}, must-support {}", n.writer, n.reader, n.must_support);
    let _ = writeln!(out, "documentation {}, proven harmless {}", n.documentation, n.harmless);
    let (added, removed) = (report.added.len(), report.removed.len());
    let (changed, unchanged) = (report.profiles.len(), report.unchanged);
    let _ = writeln!(out, "profiles: {changed} changed, {unchanged} unchanged, {added} added, {removed} removed");
    for p in &report.profiles {
        let broken = [("writer", p.writer.status), ("reader", p.reader.status)];
        let broken = broken.iter().filter(|(_, s)| matches!(s, Status::Confirmed | Status::Open));
        let told: Vec<String> = broken.map(|(name, s)| format!("{name} {}", s.name())).collect();
        if !told.is_empty() {
            let url = p.new.split('|').next().unwrap_or(&p.new);
            let _ = writeln!(out, "{}: {}", url.rsplit('/').next().unwrap_or(url), told.join(", "));
        }
    }
    out
}

fn golden(old: &str, new: &str) {
    compare(
        "differences",
        &format!("us_core_{}_{}", old.replace('.', "_"), new.replace('.', "_")),
        &summary(&report(old, new)),
    );
}

#[test]
fn us_core_3_to_6() {
    golden("3.1.1", "6.1.0");
}

#[test]
fn us_core_6_to_7() {
    golden("6.1.0", "7.0.0");
}

#[test]
fn us_core_7_to_8() {
    golden("7.0.0", "8.0.0");
}
