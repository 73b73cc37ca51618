//! Proofs as text: what was compared, with the elements of both sides.

use std::fmt::Write;

use super::open::OpenStep;
use super::proof::{Proof, Step, Way};
use crate::plan::{Handle, ImageSet};

/// Bound on the lines of a proof that are written.
pub const LINES: usize = 5_000;

/// The id of an element (`Patient.identifier.system`); empty where there is none.
pub fn element_id(set: &ImageSet, element: Option<Handle>) -> &str {
    element.and_then(|h| Some(set.str(h.layer, set.element(h)?.id))).unwrap_or_default()
}

/// A way from the root of an instance, as a path with slices (`Patient.extension:race.url`).
pub fn way_text(set: &ImageSet, root: &str, way: &[Way]) -> String {
    let mut out = root.to_owned();
    for step in way {
        let _ = match step {
            Way::Child(name) => write!(out, ".{}", set.model().names().text(*name)),
            Way::Type(t) => write!(out, ".ofType({})", set.model().type_name(*t)),
            Way::Slice(h) => {
                let name = set.element(*h).map_or("", |e| set.str(h.layer, e.slice_name));
                write!(out, ":{name}")
            }
            Way::Target(t) => write!(out, ".resolve().ofType({})", set.model().type_name(*t)),
        };
    }
    out
}

/// A proof as an indented tree, a demand of B a line: whether it is proven, its kind, the element of B that makes it,
/// and the element of A that was held against it. No more than `LINES`; what is left out is told in the last line.
pub fn proof_tree(set: &ImageSet, proof: &Proof) -> String {
    let mut writer = Writer { set, out: String::new(), lines: 0 };
    let root = set.model().type_name(proof.type_id).to_owned();
    writer.node(proof, &root, 0);
    if writer.lines >= LINES {
        let _ = writeln!(writer.out, "… (more than {LINES} lines)");
    }
    writer.out
}

struct Writer<'s> {
    set: &'s ImageSet,
    out: String,
    lines: usize,
}

impl Writer<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        if self.lines < LINES {
            self.lines += 1;
            let _ = writeln!(self.out, "{}{text}", "  ".repeat(depth));
        }
    }

    fn node(&mut self, proof: &Proof, label: &str, depth: usize) {
        if self.lines >= LINES {
            return;
        }
        let same = proof.steps.is_empty() && proof.subs.is_empty();
        let state = match (proof.holds, same) {
            (true, true) => "proven: the same definitions",
            (true, false) => "proven",
            _ => "not proven",
        };
        self.line(depth, &format!("{label} {state}"));
        for step in &proof.steps {
            let text = self.step(step);
            self.line(depth + 1, &text);
        }
        for sub in &proof.subs {
            let label = way_text(self.set, "", &sub.way);
            match &sub.proof {
                Some(p) => self.node(p, &label, depth + 1),
                None => self.line(depth + 1, &format!("{label} assumed: it is being proven further up")),
            }
        }
    }

    fn step(&self, step: &Step) -> String {
        let state = if step.holds { "ok" } else { "open" };
        let (left, right) = (element_id(self.set, step.left), element_id(self.set, Some(step.right)));
        let mut text = format!("{state} {}", step.kind.name());
        if !step.what.is_empty() {
            let _ = write!(text, " `{}`", step.what);
        }
        let _ = write!(text, " of {right}");
        if !left.is_empty() && left != right {
            let _ = write!(text, " by {left}");
        }
        text
    }
}

impl OpenStep {
    /// The step in a sentence, without its elements' definitions.
    pub fn text(&self, set: &ImageSet) -> String {
        let right = element_id(set, Some(self.right));
        let what = if self.what.is_empty() { String::new() } else { format!(" `{}`", self.what) };
        format!("{}{what} of {right}", self.kind.name())
    }
}
