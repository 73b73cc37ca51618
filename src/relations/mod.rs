//! Profiles beside each other: what is compared, and the answers as data. Nothing is decided here.

mod operand;
mod report;
mod service;

pub use operand::{Operand, Profile, Side, open};
pub use report::{
    ContradictionText, Matrix, MustSupport, Pair, STEPS, StepText, UnsupportedText, WitnessIssue, WitnessText,
};
pub use service::{Until, Within};

use crate::app::App;
use crate::profiles::difference::Differ;
use crate::profiles::evaluate::ProfileJudge;
use crate::profiles::plan::Handle;
use crate::profiles::relation::{Relations, Validity, proof_tree};

/// What is asked about pairs.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The other direction, too.
    pub both: bool,
    /// The proof, as a tree.
    pub explain: bool,
    /// What ends the work.
    pub until: Until,
}

/// Compares every profile of one side with every profile of the same type of the other.
///
/// # Errors
/// A message where both sides have profiles and none are of the same type, or the time is up.
pub fn compare(app: &App, left: &Side, right: &Side, ask: Ask) -> Result<Matrix, String> {
    let judge = ProfileJudge::new(app.plans()).under(&ask.until.0);
    let mut relations = Relations::new(app.plans(), judge).under(&ask.until.0);
    let mut differ = Differ::new(app.set());
    let mut pairs = Vec::new();
    for a in &left.profiles {
        for b in right.profiles.iter().filter(|b| b.type_name == a.type_name) {
            pairs.push((a.root, b.root, a.type_name.clone()));
        }
    }
    if pairs.is_empty() {
        return Err(format!("`{}` and `{}` have no profiles of the same type", left.name, right.name));
    }
    let mut matrix = Matrix { left: left.name.clone(), right: right.name.clone(), pairs: Vec::new() };
    for (a, b, type_name) in pairs {
        ask.until.check()?;
        let backwards = ask.both.then_some((b, a));
        for (a, b) in [Some((a, b)), backwards].into_iter().flatten() {
            let pair = one(app, &mut relations, (a, b), &type_name, &ask);
            // What was broken off is no answer.
            ask.until.check()?;
            matrix.pairs.extend(pair.map(|p| Pair { must_support: MustSupport::of(&differ.unsupported(a, b)), ..p }));
        }
    }
    Ok(matrix)
}

/// The answer for one pair; `None` where the right one is no profile of the left one's type.
fn one(
    app: &App,
    relations: &mut Relations<'_, ProfileJudge<'_>>,
    (left, right): (Handle, Handle),
    type_name: &str,
    ask: &Ask,
) -> Option<Pair> {
    let set = app.set();
    let found = relations.compare(left, right)?;
    let coverage = relations.coverage(right, left)?;
    let witness = found.witness.map(|w| relations.shrink(left, right, w));
    let impossible = relations.contradiction(left, left).or_else(|| relations.contradiction(left, right));
    Some(Pair {
        type_name: type_name.to_owned(),
        left: set.canonical_of(left),
        right: set.canonical_of(right),
        validity: found.validity,
        conditions: found.conditions,
        coverage: coverage.name(),
        covered: coverage.conditions().to_vec(),
        impossible: impossible.map(|why| ContradictionText::of(set, &why)),
        must_support: MustSupport::default(),
        open_count: found.open.len(),
        open: found.open.iter().take(STEPS).map(|s| StepText::of(set, type_name, s)).collect(),
        witness: witness.map(|w| WitnessText::of(set, w)),
        proof: ask.explain.then(|| proof_tree(set, &found.proof)),
    })
}

/// The exit code of answers: the worst, where an unknown one is better than a refuted one.
pub fn exit_code(pairs: &[Pair]) -> u8 {
    let code = |p: &Pair| match p.validity {
        Validity::Proven => 0,
        Validity::Refuted => 1,
        Validity::Partial | Validity::Unknown => 2,
    };
    let codes: Vec<u8> = pairs.iter().map(code).collect();
    if codes.contains(&1) { 1 } else { codes.into_iter().max().unwrap_or(0) }
}
