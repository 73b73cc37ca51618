//! The slicing of an element that the base slices already: a profile may close it, order it and add discriminators and
//! slices, but not take back what the base says (<https://hl7.org/fhir/R4/profiling.html#slicing>).

use super::super::{named, text};
use super::base::Spot;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Scene};
use crate::plan::rows::{ELEMENT_CHOICE, ElementRow, NONE, SlicingRow};
use crate::plan::{DiscriminatorKind, Handle, SlicingRules};

/// Judges how an element is sliced against how its base slices it.
pub fn check<'t>(j: &mut Judge<'_, 't>, spot: Spot<'_>, slicing: Node<'t>, id: &str) {
    let set = j.set;
    let image = set.layer(spot.row.layer);
    let base = set.element(spot.row).filter(|row| !spot.is_new_slice && row.slicing != NONE);
    let Some(base) = base.and_then(|row| image.slicing(row.slicing)) else { return };
    if let Some(rules) = named(slicing, "rules").find(|r| r.has_value()) {
        let loosened = match (base.rules(), &*rules.text()) {
            (SlicingRules::Closed, "open" | "openAtEnd") => Some("closed"),
            (SlicingRules::OpenAtEnd, "open") => Some("openAtEnd"),
            _ => None,
        };
        if let Some(wanted) = loosened {
            told(j, rules, || format!("the slicing of `{id}` is {}, but that of the base is {wanted}", rules.text()));
        }
    }
    if let Some(ordered) = named(slicing, "ordered").find(|o| o.has_value() && o.text() == "false")
        && base.ordered != 0
    {
        told(j, ordered, || format!("the slicing of `{id}` is not ordered, but that of the base is"));
    }
    if let Some(lost) = lost(j, spot.row.layer, base, slicing) {
        told(j, slicing, || format!("the base slices `{id}` by `{lost}`, which is not among the discriminators here"));
    }
}

fn told<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, text: impl FnOnce() -> String) {
    j.error(RuleId::STRUCTURE_SLICING, at, &[], || Detail::Text(text()));
}

/// A discriminator of the base that a slicing, which has some of its own, leaves out.
fn lost(scene: &Scene<'_, '_>, layer: u32, base: &SlicingRow, slicing: Node<'_>) -> Option<String> {
    let image = scene.set.layer(layer);
    let own: Vec<(String, String)> = named(slicing, "discriminator")
        .filter_map(|d| text(d, "type").zip(text(d, "path")))
        .map(|(kind, path)| (kind.into_owned(), plain(&path).to_owned()))
        .collect();
    if own.is_empty() {
        return None;
    }
    let all = image.discriminators(base.discriminators).iter();
    let mut known = all.filter_map(|d| Some((names(d.kind())?, plain(image.str(d.path)))));
    known
        .find(|(kinds, path)| !own.iter().any(|(k, p)| kinds.contains(&k.as_str()) && p == path))
        .map(|(_, p)| p.into())
}

/// A discriminator's path without what means nothing.
fn plain(path: &str) -> &str {
    path.strip_prefix("$this.").unwrap_or(path)
}

/// The codes of kinds that find the same: `pattern` is an old name of `value`.
fn names(kind: DiscriminatorKind) -> Option<&'static [&'static str]> {
    Some(match kind {
        DiscriminatorKind::Value | DiscriminatorKind::Pattern => &["value", "pattern"],
        DiscriminatorKind::Exists => &["exists"],
        DiscriminatorKind::Type => &["type"],
        DiscriminatorKind::Profile => &["profile"],
        DiscriminatorKind::Position | DiscriminatorKind::Unknown => return None,
    })
}

/// Whether the base closes the slicing of an element, and this slice is none of its slices, nor a part of one.
pub fn is_shut_out(scene: &Scene<'_, '_>, spot: Spot<'_>, e: Node<'_>, slice: &str) -> bool {
    let set = scene.set;
    let image = set.layer(spot.whole.layer);
    let Some(row) = set.element(spot.whole).filter(|row| row.slicing != NONE) else { return false };
    let is_closed = image.slicing(row.slicing).is_some_and(|s| s.rules() == SlicingRules::Closed);
    let slices: Vec<ElementRow> = slices(scene, spot.whole, &row).collect();
    if !is_closed || slices.is_empty() || text(e, "max").is_some_and(|max| max == "0") {
        return false;
    }
    let is_known = |s: &ElementRow| {
        let name = image.str(s.slice_name);
        slice == name || slice.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
    };
    // A slice of a choice may stand under another name for the type that a slice of the base has.
    let is_of_type = |s: &ElementRow| {
        row.flags & ELEMENT_CHOICE != 0
            && spot.narrowed.is_none_or(|t| image.type_refs(s.types).iter().any(|r| image.str(r.code) == t))
    };
    !slices.iter().any(|s| is_known(s) || is_of_type(s))
}

/// The slices of an element.
fn slices<'e>(scene: &Scene<'e, '_>, of: Handle, row: &ElementRow) -> impl Iterator<Item = ElementRow> + use<'e> {
    let image = scene.set.layer(of.layer);
    let mut at = row.first_slice;
    std::iter::from_fn(move || {
        let slice = image.element(at).filter(|_| at != NONE)?;
        at = slice.next_slice;
        Some(slice)
    })
}
