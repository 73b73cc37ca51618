//! What a profile may say, though it is seldom meant: complex values that are fixed, values of each repetition, types
//! that must be supported of elements that need not be (<https://hl7.org/fhir/R4/profiling.html#mustsupport>).

use rustc_hash::FxHashSet;

use super::super::{named, text};
use super::base::Spot;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::model::TypeId;
use crate::plan::Handle;
use crate::plan::rows::ELEMENT_MUST_SUPPORT;

/// Marks types, profiles and targets that must be supported.
const SUPPORTED: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-type-must-support";

/// Judges a fixed value or pattern (`kind`) of an element.
pub fn value<'t>(
    j: &mut Judge<'_, 't>,
    spot: Spot<'_>,
    e: Node<'t>,
    path: &str,
    (v, kind, type_id): (Node<'t>, &str, TypeId),
) {
    if !matches!(kind, "fixed" | "pattern") || !path.contains('.') {
        return;
    }
    let model = j.model();
    if kind == "fixed" && !model.role(type_id).is_primitive() {
        j.find(RuleId::STRUCTURE_FIXED, Weight::Warning, v, &[], || {
            let name = model.type_name(type_id);
            Detail::Text(format!(
                "nothing but this value is valid at `{path}`, with nothing beside it: consider `pattern{name}`"
            ))
        });
    }
    let max = text(e, "max").map(|max| if max == "*" { u32::MAX } else { max.parse().unwrap_or(1) });
    let repeats = max.or_else(|| j.set.element(spot.row).map(|row| row.max)).is_some_and(|max| max > 1);
    // The value of a slice is what tells it.
    if repeats && named(e, "sliceName").next().is_none() {
        j.find(RuleId::STRUCTURE_FIXED, Weight::Note, v, &[], || {
            Detail::Text(format!("`{path}` may repeat: each repetition has to have this value"))
        });
    }
}

/// What must be supported of the elements of one list.
#[derive(Default)]
pub struct Support {
    /// The ids of the elements that must be supported.
    ids: FxHashSet<String>,
}

impl Support {
    /// Judges the next element of the list. `is_whole`: the list is a snapshot, in which nothing is inherited.
    pub fn check<'t>(&mut self, j: &mut Judge<'_, 't>, spot: Spot<'_>, e: Node<'t>, id: &str, is_whole: bool) {
        let set = j.set;
        let of_base = |h: Handle| set.element(h).is_some_and(|row| row.flags & ELEMENT_MUST_SUPPORT != 0);
        let own = text(e, "mustSupport");
        let own = own.as_deref();
        let is_slice = named(e, "sliceName").next().is_some();
        let inherits = !is_whole && own.is_none();
        let supported = own == Some("true") || inherits && of_base(spot.row);
        if !(supported || inherits && is_slice) && has_supported_type(e) {
            j.find(RuleId::STRUCTURE_SUPPORT, Weight::Warning, e, &[], || {
                Detail::Text(format!("types or targets of `{id}` must be supported, but not the element itself"))
            });
        }
        let last = id.rfind('.').map_or(0, |dot| dot + 1);
        if let Some(whole) = id.get(last..).and_then(|name| Some(last + name.find(':')?)).and_then(|end| id.get(..end))
        {
            let around = self.ids.contains(whole) || !is_whole && of_base(spot.whole);
            if is_slice && around && !supported && !inherits {
                j.find(RuleId::STRUCTURE_SUPPORT, Weight::Note, e, &[], || {
                    Detail::Text(format!("`{whole}` must be supported, but not its slice `{id}`"))
                });
            }
        }
        if supported {
            self.ids.insert(id.to_owned());
        }
    }
}

/// Whether a type of the element, a profile or a target of one is marked as one that must be supported.
fn has_supported_type(e: Node<'_>) -> bool {
    let is_marked = |n: Node<'_>| {
        let mut all = n.children_named(NameId::EXTENSION);
        all.any(|x| {
            text(x, "url").is_some_and(|url| url == SUPPORTED) && text(x, "valueBoolean").is_some_and(|v| v == "true")
        })
    };
    named(e, "type")
        .any(|t| is_marked(t) || ["profile", "targetProfile"].into_iter().any(|name| named(t, name).any(is_marked)))
}

/// Judges the types of all elements as they are written: each has a code, and a snapshot has one of every element but
/// its root. `specializes`: the definition is that of a type, which has them from nowhere else.
pub fn types<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, specializes: bool) {
    for list in ["differential", "snapshot"] {
        for e in named(n, list).flat_map(|l| named(l, "element")) {
            let Some(path) = text(e, "path") else { continue };
            if list == "differential" || named(n, "differential").next().is_none() {
                coded(j, e, &path);
            }
            let has_type = named(e, "type").next().is_some() || named(e, "contentReference").next().is_some();
            if list == "snapshot" && path.contains('.') && !has_type {
                let weight = if specializes { Weight::Error } else { Weight::Warning };
                j.find(RuleId::STRUCTURE_TYPE, weight, e, &[], || {
                    Detail::Text(format!("`{path}` has no type, nor the content of another element"))
                });
            }
        }
    }
}

/// A type has a code with a value: an extension of the code says what it is, where the value does not.
fn coded<'t>(j: &mut Judge<'_, 't>, e: Node<'t>, path: &str) {
    let lacks = |t: Node<'t>| {
        let code = named(t, "code").next().filter(|code| !code.has_value());
        let kinds = ["fhir", "json", "xml"].map(|kind| format!("/structuredefinition-{kind}-type"));
        let says = |x: Node<'t>| text(x, "url").is_some_and(|url| kinds.iter().any(|kind| url.ends_with(kind)));
        // STU3 says it of the code.
        code.is_some_and(|code| ![t, code].iter().any(|n| n.children_named(NameId::EXTENSION).any(says)))
    };
    if let Some(t) = named(e, "type").find(|t| lacks(*t)) {
        j.find(RuleId::STRUCTURE_TYPE, Weight::Warning, t, &[], || {
            Detail::Text(format!("a type of `{path}` has a code without a value: nobody knows which type is meant"))
        });
    }
}
