//! How an element of a profile is sliced: what repeats or has several types, and by discriminators that lead to
//! elements (<https://hl7.org/fhir/R4/profiling.html#discriminator>).

use super::super::{named, text};
use super::base::{Base, Found, Spot, types_of};
use super::resliced;
use super::types::listed;
use crate::fhirpath;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge};
use crate::plan::rows::{ELEMENT_CHOICE, NONE};

/// The types whose elements depend on the instance.
const OPEN: [&str; 4] = ["Resource", "DomainResource", "Element", "BackboneElement"];

/// Judges the slicing of an element of a differential or snapshot.
pub fn check<'e, 't>(j: &mut Judge<'e, 't>, base: &mut Base<'e>, spot: Spot<'e>, e: Node<'t>, id: &str) {
    let Some(slicing) = named(e, "slicing").next() else { return };
    let row = j.set.element(spot.row);
    // A base that limits what it slices may be sliced like that again, and a reference by what it leads to.
    let is_single = row.is_some_and(|r| r.max <= 1 && r.flags & ELEMENT_CHOICE == 0 && r.slicing == NONE);
    if is_single && id.contains('.') && !id.contains("[x]") && !types_of(j, spot).any(|t| t == "Reference") {
        told(j, slicing, || format!("`{id}` is sliced, but the base allows it once and with one type"));
        return;
    }
    // Of a differential a constraint says the same.
    if !id.contains('.') && e.parent().is_some_and(|list| list.name_text() == "snapshot") {
        told(j, slicing, || format!("`{id}` is the root of the profile, which cannot be sliced"));
        return;
    }
    resliced::check(j, spot, slicing, id);
    for d in named(slicing, "discriminator") {
        let Some(path) = text(d, "path").filter(|p| !p.is_empty()) else { continue };
        if fhirpath::parse(&path).is_err() {
            told(j, d, || format!("discriminator `{path}` is not valid FHIRPath"));
        } else if let Some(missing) = missing(j, base, spot, id, &path) {
            told(j, d, || format!("discriminator `{path}` leads nowhere: `{id}` has no element `{missing}`"));
        } else if let Some(types) = unresolvable(j, base, spot, id, &path) {
            told(j, d, || {
                format!("discriminator `{path}` leads nowhere: it resolves what is no reference, but {types}")
            });
        }
    }
}

fn told<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, text: impl FnOnce() -> String) {
    j.error(RuleId::STRUCTURE_SLICING, at, &[], || Detail::Text(text()));
}

/// The types that may refer to something.
const REFERRING: [&str; 6] = ["Reference", "CodeableReference", "canonical", "uri", "url", "*"];

/// The types of what a discriminator resolves, where none of them refers to anything.
fn unresolvable<'e>(j: &Judge<'e, '_>, base: &mut Base<'e>, spot: Spot<'e>, id: &str, path: &str) -> Option<String> {
    let (before, _) = path.split_once("resolve()")?;
    let before = before.strip_prefix("$this").unwrap_or(before).trim_matches('.');
    let at = match before {
        "" => spot,
        _ => match base.find(j, &format!("{id}.{before}")) {
            Found::Spot(at) => at,
            _ => return None,
        },
    };
    let may_refer = |t: &str| REFERRING.contains(&t) || OPEN.contains(&t) || j.model().find(t).is_none();
    let is_plain = types_of(j, at).next().is_some() && !types_of(j, at).any(may_refer);
    is_plain.then(|| listed(j, at))
}

/// The first part of a discriminator's path that the sliced element does not have. What comes behind a function (a
/// reference's target, an extension) or inside a type that is open is not followed.
fn missing<'e>(j: &Judge<'e, '_>, base: &mut Base<'e>, spot: Spot<'e>, id: &str, path: &str) -> Option<String> {
    let (mut at, mut id) = (spot, id.to_owned());
    for name in path.strip_prefix("$this.").unwrap_or(path).split('.') {
        let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !is_plain || name.is_empty() || types_of(j, at).any(|t| OPEN.contains(&t)) {
            return None;
        }
        let mut step = |name: &str| {
            let next = format!("{id}.{name}");
            (base.find(j, &next), next)
        };
        let (found, next) = match step(name) {
            (Found::Missing, _) => step(&format!("{name}[x]")),
            found => found,
        };
        match found {
            Found::Spot(spot) => (at, id) = (spot, next),
            Found::Missing => return Some(name.to_owned()),
            Found::Nowhere | Found::Unknown => return None,
        }
    }
    None
}
