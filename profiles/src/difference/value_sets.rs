//! The value sets that two profiles bind the same elements to, and how their codes relate.
//!
//! Base: <https://hl7.org/fhir/R4/terminologies.html#strength>.

use super::bindings::Named;
use super::differ::{Differ, Pair, Rows};
use crate::plan::rows::{ElementRow, Str};
use crate::plan::{BindingStrength, Handle};
use crate::relation::Inclusion;

/// The value set that a side binds, and whether other codes are refused.
type Demand = Option<(Named, bool)>;

/// How the codes of two value sets relate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodesBeside {
    /// Both have the same codes, or both sides name the same value set.
    Same,
    /// All codes of the left one are in the right one.
    LeftInRight,
    /// All codes of the right one are in the left one.
    RightInLeft,
    /// At least one of them has codes that the other lacks.
    Differ,
    /// No code is in both.
    Disjoint,
    /// It cannot be determined.
    Unknown,
}

/// A value set that an element is bound to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bound {
    /// `url|version` of the one that is meant; as the profile writes it where it is not loaded.
    pub value_set: String,
    /// True where other codes are refused: a required binding, or a maximum value set; false for an extensible one.
    pub is_required: bool,
    /// Whether the value set is loaded.
    pub is_loaded: bool,
}

/// An element that one profile or both bind to a value set, `required` or `extensible`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BoundElement {
    /// The element's id.
    pub element: String,
    /// True where this is about the maximum value set.
    pub is_max: bool,
    /// What the left profile binds it to.
    pub left: Option<Bound>,
    /// What the right one does.
    pub right: Option<Bound>,
    /// How the codes relate; unknown where only one side binds the element.
    pub codes: CodesBeside,
    /// The first codes that only the left value set has, as `system|code`.
    pub only_left: Vec<String>,
    /// The same of the right one.
    pub only_right: Vec<String>,
}

impl<'s> Differ<'s> {
    /// The elements that either of two profiles of a type, named by their root elements, binds to a value set, in the
    /// order of the elements. A slice that only one profile has stands beside the other's element that it is of.
    pub fn bound_elements(&mut self, left: Handle, right: Handle) -> Vec<BoundElement> {
        let mut out = Vec::new();
        let mut open = vec![self.roots(left, right)];
        while let Some(pair) = open.pop() {
            let Some(rows) = self.rows(&pair) else { continue };
            if !pair.is_root && rows.old.max == 0 && rows.new.max == 0 {
                continue;
            }
            self.bound(&pair, &rows, &mut out);
            let mut below = self.children(&pair);
            below.extend(self.all_slices(&pair));
            below.reverse();
            open.append(&mut below);
        }
        // What the pairing itself found different is not asked for here.
        self.changes.clear();
        out
    }

    fn bound(&mut self, pair: &Pair, rows: &Rows, out: &mut Vec<BoundElement>) {
        let (a, b) = rows.layers;
        let coded = self.is_coded(a, &rows.old) || self.is_coded(b, &rows.new);
        for is_max in [false, true] {
            let (old, new) = (self.named(a, &rows.old, is_max), self.named(b, &rows.new, is_max));
            if old.is_some() || new.is_some() {
                out.push(self.beside(&pair.id, is_max, (old, new), coded));
            }
        }
    }

    /// The value set that an element is bound to, and whether other codes are refused.
    fn named(&self, layer: u32, e: &ElementRow, is_max: bool) -> Demand {
        let row = self.set.layer(layer).binding(e.binding).filter(|_| e.max != 0)?;
        let is_strong = row.strength() <= BindingStrength::Extensible;
        let url = if is_max { row.max } else { Some(row.value_set).filter(|_| is_strong)? };
        let is_required = is_max || row.strength() == BindingStrength::Required;
        (url != Str::EMPTY && !self.set.str(layer, url).is_empty()).then_some(((layer, url), is_required))
    }

    fn beside(&mut self, id: &str, is_max: bool, (left, right): (Demand, Demand), coded: bool) -> BoundElement {
        let written = |side: Demand| side.map(|((layer, url), _)| self.set.str(layer, url));
        let find = |side: Demand| {
            side.and_then(|((layer, url), _)| self.set.find_value_set(self.set.str(layer, url), Some(layer)))
        };
        let (a, b) = (find(left), find(right));
        let is_same = a == b && written(left) == written(right);
        let told = |side: Demand, found: Option<Handle>| {
            let own = written(side).unwrap_or_default().to_owned();
            let value_set = found.and_then(|h| self.value_set_name(h)).unwrap_or(own);
            side.map(|(_, is_required)| Bound { value_set, is_required, is_loaded: found.is_some() })
        };
        let mut out = BoundElement {
            element: id.to_owned(),
            is_max,
            left: told(left, a),
            right: told(right, b),
            codes: if is_same { CodesBeside::Same } else { CodesBeside::Unknown },
            only_left: Vec::new(),
            only_right: Vec::new(),
        };
        if let (Some(a), Some(b), false) = (a, b, is_same) {
            let (narrow, wide) = (self.inclusion(a, b, coded), self.inclusion(b, a, coded));
            (out.only_left, out.only_right) = (outside(&narrow, coded), outside(&wide, coded));
            out.codes = match (narrow, wide) {
                (Inclusion::Included, Inclusion::Included) => CodesBeside::Same,
                (Inclusion::Included, _) => CodesBeside::LeftInRight,
                (_, Inclusion::Included) => CodesBeside::RightInLeft,
                (Inclusion::Disjoint(_), _) | (_, Inclusion::Disjoint(_)) => CodesBeside::Disjoint,
                (Inclusion::Open, Inclusion::Open) => CodesBeside::Unknown,
                _ => CodesBeside::Differ,
            };
        }
        out
    }

    /// `url|version` of a value set.
    fn value_set_name(&self, h: Handle) -> Option<String> {
        let row = self.set.value_set(h)?;
        let (url, version) = (self.set.str(h.layer, row.url), self.set.str(h.layer, row.version));
        Some(if version.is_empty() { url.to_owned() } else { format!("{url}|{version}") })
    }
}

/// The codes outside of the other set, in alphabetical order.
fn outside(inclusion: &Inclusion, coded: bool) -> Vec<String> {
    let (Inclusion::Disjoint(codes) | Inclusion::Overlapping(codes)) = inclusion else { return Vec::new() };
    let told = |(s, c): &(String, String)| if coded && !s.is_empty() { format!("{s}|{c}") } else { c.clone() };
    let mut all: Vec<String> = codes.iter().map(told).collect();
    all.sort();
    all
}
