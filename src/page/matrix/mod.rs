//! A matrix as a page: every client with every server, what each client could change, and why a pair does not work.

mod changes;
mod clients;
mod names;
mod over;
mod pairs;
mod servers;
mod summary;
mod verdicts;

use std::io::{Result, Write};

use askama::Template;

use self::names::Told;
use self::summary::SummaryPart;
use super::frame::{Foot, Head};
use super::reasons::Named;
use super::text::Shown;
use crate::capability::matrix::{Matrix, Member};

/// Writes a matrix as a page, part by part.
///
/// # Errors
/// Those of `out`.
pub fn matrix(matrix: &Matrix, out: &mut dyn Write) -> Result<()> {
    let (mut named, told) = (Named::default(), Told::of(matrix));
    let sections = [
        ("summary", "Summary", true),
        ("verdicts", "Verdicts", true),
        ("clients", "Clients", true),
        ("pairs", "Reasons", !told.is_empty()),
        ("servers", "Servers", true),
        ("rules", "Rules", true),
    ];
    let (left, right) = (all(&matrix.clients, "client"), all(&matrix.servers, "server"));
    Head {
        lead: "Matrix",
        left: Shown::name(&left),
        right: Shown::name(&right),
        verdict: None,
        sections: sections.into_iter().filter(|s| s.2).map(|(anchor, name, _)| (anchor, name)).collect(),
    }
    .write_into(out)?;
    SummaryPart::of(matrix).write_into(out)?;
    verdicts::write(matrix, &told, out)?;
    clients::write(matrix, &mut named, out)?;
    pairs::write(matrix, &told, &mut named, out)?;
    servers::write(matrix, &told, out)?;
    named.write(out)?;
    Foot { accord: matrix.accord, id: None }.write_into(out)
}

/// One member by its name, more by their number.
fn all(members: &[Member], one: &str) -> String {
    match members {
        [only] => only.name.clone(),
        _ => format!("{} {one}s", members.len()),
    }
}
