//! How many there are, and what their verdicts are.

use askama::Template;

use super::names::outcome;
use crate::capability::agreement::Verdict;
use crate::capability::matrix::Matrix;
use crate::page::chip::Chip;
use crate::page::verdict_words;

/// What a matrix comes to.
#[derive(Template)]
#[template(path = "page/matrix/summary.html")]
pub struct SummaryPart {
    clients: usize,
    servers: usize,
    pairs: usize,
    numbers: Vec<Number>,
}

/// How many pairs have a verdict.
struct Number {
    count: usize,
    chip: Chip,
    meaning: &'static str,
}

impl SummaryPart {
    /// Of a matrix.
    pub fn of(matrix: &Matrix) -> SummaryPart {
        let verdicts = [Verdict::Compatible, Verdict::Degraded, Verdict::Indeterminate, Verdict::Incompatible];
        let of_verdict = |verdict: Verdict| (verdict.into(), verdict_words(verdict).1);
        let number = |(chip, meaning)| Number { count: 0, chip, meaning };
        let mut numbers: Vec<Number> = verdicts.into_iter().map(of_verdict).map(number).collect();
        for (chip, meaning) in matrix.cells.iter().map(outcome) {
            match numbers.iter_mut().find(|n| n.meaning == meaning) {
                Some(number) => number.count += 1,
                None => numbers.push(Number { count: 1, chip, meaning }),
            }
        }
        let (clients, servers) = (matrix.clients.len(), matrix.servers.len());
        SummaryPart { clients, servers, pairs: matrix.cells.len(), numbers }
    }
}
