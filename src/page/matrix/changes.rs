//! What a client could change to work with more servers.

use askama::Template;

use super::names::listed;
use crate::capability::matrix::{Change, ClientReport, Matrix};
use crate::page::text::Shown;
use crate::wording::words::without_option;

/// The changes of a client, the best first.
#[derive(Template)]
#[template(path = "page/matrix/changes.html")]
pub struct ChangesPart<'a> {
    best: Option<Step<'a>>,
    others: Vec<Step<'a>>,
    /// With how many servers it does not work.
    locked: usize,
}

/// One change.
struct Step<'a> {
    scope: Option<&'a str>,
    without: String,
    option: String,
    gives_up: usize,
    more: usize,
    unlocks: String,
}

impl<'a> ChangesPart<'a> {
    /// Of a client.
    pub fn of(matrix: &Matrix, report: &'a ClientReport) -> ChangesPart<'a> {
        let mut steps = report.changes.iter().map(|change| step(matrix, change));
        let (best, others) = (steps.next(), steps.collect());
        let locked = matrix.servers.len().saturating_sub(report.works.len() + report.other_version.len());
        ChangesPart { best, others, locked }
    }
}

fn step<'a>(matrix: &Matrix, change: &'a Change) -> Step<'a> {
    let texts = change.texts();
    Step {
        scope: change.scope.as_deref(),
        without: texts.join(", "),
        option: without_option(&texts),
        gives_up: change.gives_up,
        more: change.unlocks.len(),
        unlocks: listed(matrix, &change.unlocks),
    }
}
