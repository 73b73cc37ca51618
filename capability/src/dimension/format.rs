//! Formats: both sides must have one in common. Patch formats are information.

use rustc_hash::FxHashSet;

use super::offer::Server;
use crate::agreement::{Answer, Finding};
use crate::issue::{Issue, Party};
use crate::reason::Reason;
use crate::statement::{Stated, Statement};

/// Whether the sides have a format in common; `None` where one of them names none. Adds an issue where they do not, or
/// where it is unknown.
pub fn format(client: &Statement, server: Server<'_>, issues: &mut Vec<Issue>) -> Option<Finding> {
    let wanted: Vec<&Stated<String>> = required(&client.formats);
    if wanted.is_empty() || server.statement.formats.is_empty() {
        return None;
    }
    let known: FxHashSet<String> = wanted.iter().map(|w| normal(&w.value)).collect();
    let shared = server.statement.formats.iter().filter(|f| known.contains(&normal(&f.value)));
    let none = if server.statement.open { Answer::Unknown } else { Answer::No };
    let best = shared.map(|f| server.item(f).answer).fold(none, Answer::max);
    let names = |formats: &[&Stated<String>]| formats.iter().map(|f| f.value.as_str()).collect::<Vec<_>>().join(", ");
    let listed: Vec<&Stated<String>> = server.statement.formats.iter().collect();
    match best {
        Answer::No => issues.push(Issue::error(
            Reason::Format,
            Party::Both,
            "format",
            format!("no format in common: the client supports {}, the server {}", names(&wanted), names(&listed)),
        )),
        Answer::Unknown => issues.push(Issue::warning(
            Reason::Format,
            Party::Both,
            "format",
            format!(
                "cannot determine whether a format is in common: the client supports {}, the server at most {}",
                names(&wanted),
                names(&listed)
            ),
        )),
        Answer::Yes => {}
    }
    tell_patch_formats(client, server.statement, issues);
    Some(best.finding())
}

fn required(formats: &[Stated<String>]) -> Vec<&Stated<String>> {
    formats.iter().filter(|f| f.expectation.is_none_or(|e| e.weight().is_some())).collect()
}

fn tell_patch_formats(client: &Statement, server: &Statement, issues: &mut Vec<Issue>) {
    let wanted = required(&client.patch_formats);
    let offered: FxHashSet<String> = server.patch_formats.iter().map(|s| normal(&s.value)).collect();
    if !wanted.is_empty() && !offered.is_empty() && !wanted.iter().any(|w| offered.contains(&normal(&w.value))) {
        issues.push(Issue::information(Reason::PatchFormat, Party::Both, "patchFormat", "no patch format in common"));
    }
}

/// `json` for `application/fhir+json`, DSTU2's `application/json+fhir` and the like.
fn normal(format: &str) -> String {
    let format = format.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let name = match format.as_str() {
        "json" | "application/json" | "application/fhir+json" | "application/json+fhir" | "text/json" => "json",
        "xml" | "application/xml" | "application/fhir+xml" | "application/xml+fhir" | "text/xml" => "xml",
        "ttl" | "turtle" | "text/turtle" | "application/fhir+turtle" | "application/x-turtle" => "ttl",
        other => other,
    };
    name.to_owned()
}
