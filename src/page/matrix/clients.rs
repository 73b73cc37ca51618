//! What each client works with, what it could change, and what is there and missing over all servers.

use std::io::{Result, Write};

use askama::Template;

use super::changes::ChangesPart;
use super::names::{listed, servers, title, version};
use super::over::Over;
use crate::capability::matrix::{ClientReport, CommonItems, Matrix, Member};
use crate::page::bounds::{CLIENTS, LIST, OVER};
use crate::page::frame::{SECTION_END, Section};
use crate::page::reasons::Named;
use crate::page::text::Shown;
use crate::wording::words::own_part;

const INTRO: &str = "With which servers each client works, what it could change to work with more, and what the \
                     servers have of what it needs. Each change was made and negotiated again.";

/// The head of a client.
#[derive(Template)]
#[template(path = "page/matrix/client.html")]
struct Start<'a> {
    at: usize,
    name: Shown<'a>,
    facts: Vec<(&'static str, String)>,
}

/// What every server has.
#[derive(Template)]
#[template(path = "page/matrix/common.html")]
struct CommonPart {
    items: Vec<(String, String)>,
    more: usize,
}

/// Writes the section.
///
/// # Errors
/// Those of `out`.
pub fn write(matrix: &Matrix, named: &mut Named, out: &mut dyn Write) -> Result<()> {
    Section { anchor: "clients", title: "Clients", intro: INTRO }.write_into(out)?;
    let mut over = Over::new(matrix, named);
    for report in matrix.reports.iter().take(CLIENTS) {
        let Some(client) = matrix.clients.get(report.client) else { continue };
        let facts = facts(matrix, client, report);
        Start { at: report.client, name: Shown::name(&client.name), facts }.write_into(out)?;
        if report.other_version.len() < matrix.servers.len() {
            ChangesPart::of(matrix, report).write_into(out)?;
            over.coverage(&report.coverage, out)?;
            CommonPart::of(&report.common).write_into(out)?;
            over.lacking(&report.lacking, out)?;
        }
    }
    let more = matrix.reports.len().saturating_sub(CLIENTS);
    if more > 0 {
        writeln!(out, "<p class=\"left-out\">{more} more clients are not shown.</p>")?;
    }
    out.write_all(SECTION_END)
}

fn facts(matrix: &Matrix, client: &Member, report: &ClientReport) -> Vec<(&'static str, String)> {
    let mut facts = vec![("Statement", title(client)), ("Speaks", version(client))];
    let works = format!("{} of {} servers", report.works.len(), matrix.servers.len());
    facts.push((
        "Works with",
        if report.works.is_empty() { works } else { format!("{works}: {}", listed(matrix, &report.works)) },
    ));
    if !report.other_version.is_empty() {
        let names = servers(matrix, &report.other_version);
        facts.push(("Other version", format!("{names} – another FHIR version, left out below")));
    }
    facts.retain(|(_, text)| !text.is_empty());
    facts
}

impl CommonPart {
    fn of(all: &[CommonItems]) -> CommonPart {
        let items = all.iter().take(OVER).map(|items| {
            let on = items.resource_type.as_deref().unwrap_or("system");
            let parts: Vec<String> = items.parts.iter().take(LIST).map(|p| own_part(&p.to_string(), on)).collect();
            let more = items.parts.len().saturating_sub(LIST);
            let text = match (parts.is_empty(), more) {
                (true, _) => "the type".to_owned(),
                (false, 0) => parts.join(", "),
                (false, more) => format!("{} and {more} more", parts.join(", ")),
            };
            (on.to_owned(), text)
        });
        CommonPart { items: items.collect(), more: all.len().saturating_sub(OVER) }
    }
}
