//! Obligation profiles: they add obligations to what their bases have, and others inherit these
//! (<https://hl7.org/fhir/extensions/StructureDefinition-obligation-profile-flag.html>,
//! <https://hl7.org/fhir/extensions/StructureDefinition-inherit-obligations.html>).

use crate::definition::bare;
use rustc_hash::FxHashMap;

use super::super::{named, text};
use super::base::{Base, Found, plain, types_of};
use super::home::Home;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::plan::rows::{NONE, STRUCTURE_OBLIGATIONS};
use crate::plan::{BindingStrength, Handle};

/// The extensions that mark an obligation profile.
const FLAGS: [&str; 3] = [
    "http://hl7.org/fhir/StructureDefinition/obligation-profile-flag",
    "http://hl7.org/fhir/StructureDefinition/obligation-profile",
    "http://hl7.org/fhir/tools/StructureDefinition/obligation-profile",
];

/// The extensions that name an obligation profile whose obligations are inherited.
const INHERITED: [&str; 2] = [
    "http://hl7.org/fhir/StructureDefinition/inherit-obligations",
    "http://hl7.org/fhir/tools/StructureDefinition/inherit-obligations",
];

/// What an element states that constrains its values; documentation and obligations do not.
const CONSTRAINTS: [&str; 14] = [
    "representation",
    "slicing",
    "contentReference",
    "meaningWhenMissing",
    "orderMeaning",
    "maxLength",
    "condition",
    "constraint",
    "mustHaveValue",
    "valueAlternatives",
    "isModifier",
    "isModifierReason",
    "isSummary",
    "sliceIsConstraining",
];

/// Members of a choice that constrain an element's values, too.
const VALUES: [&str; 5] = ["defaultValue", "fixed", "pattern", "minValue", "maxValue"];

fn told<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, text: impl FnOnce() -> String) {
    j.error(RuleId::STRUCTURE_OBLIGATION, at, &[], || Detail::Text(text()));
}

/// Whether a definition is marked as an obligation profile.
fn is_marked(n: Node<'_>) -> bool {
    n.children_named(NameId::EXTENSION).any(|x| {
        text(x, "url").is_some_and(|url| FLAGS.contains(&&*url)) && text(x, "valueBoolean").is_some_and(|v| v == "true")
    })
}

/// Judges what a definition says of obligation profiles, apart from its elements.
pub fn check<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, constrains: bool) {
    if !constrains && is_marked(n) {
        told(j, n, || "an obligation profile constrains another definition, and this one does not".to_owned());
    }
    for x in n.children_named(NameId::EXTENSION) {
        if text(x, "url").is_some_and(|url| INHERITED.contains(&&*url)) {
            inherited(j, n, x);
        }
    }
}

/// The profile whose obligations are inherited is an obligation profile, for the same base.
fn inherited<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, x: Node<'t>) {
    let Some(node) = named(x, "valueCanonical").find(|v| v.has_value()) else { return };
    let canonical = node.text();
    let set = j.set;
    let Some((from, row)) = Home::of(j, n).structure(j, &canonical).and_then(|h| Some((h, set.structure(h)?))) else {
        if j.kinds(&canonical).is_empty() {
            j.question(RuleId::STRUCTURE_OBLIGATION, x, &[], || {
                Detail::Text(format!("cannot check whether `{canonical}` is an obligation profile: it is not loaded"))
            });
        }
        return;
    };
    if row.flags & STRUCTURE_OBLIGATIONS == 0 {
        return told(j, x, || {
            format!("`{canonical}` is not marked as an obligation profile, so none can be inherited")
        });
    }
    let (own, other) = (text(n, "baseDefinition").unwrap_or_default(), set.str(from.layer, row.base));
    if bare(&own) != bare(other) {
        j.find(RuleId::STRUCTURE_OBLIGATION, Weight::Warning, x, &[], || {
            Detail::Text(format!("`{canonical}` adds obligations to `{other}`, but the base here is `{own}`"))
        });
    }
}

/// Judges the elements of an obligation profile, by those of its base: it adds no elements, slices and constraints, but
/// for their number.
pub fn elements<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, root: Handle) {
    if !is_marked(n) {
        return;
    }
    let mut base = Base::new(root, FxHashMap::default());
    for e in named(n, "differential").flat_map(|d| named(d, "element")) {
        if j.shared.look() {
            return;
        }
        let Some(path) = named(e, "path").find(|p| p.has_value()) else { continue };
        let id = text(e, "id").unwrap_or_else(|| path.text());
        // An element that the base does not have is an error anyway.
        let Found::Spot(spot) = base.find(j, &id) else { continue };
        if plain(&id) != path.text() {
            told(j, path, || {
                format!("the path of `{id}` is `{}`, but it is `{}` in the base", path.text(), plain(&id))
            });
        }
        if spot.is_new_slice && named(e, "sliceName").next().is_some() {
            told(j, e, || format!("an obligation profile adds no slices, and `{id}` is not one of the base"));
        }
        for c in e.children() {
            let name = c.name_text();
            let is_value =
                |kind: &str| name.strip_prefix(kind).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_uppercase()));
            if CONSTRAINTS.contains(&name) || VALUES.iter().any(|kind| is_value(kind)) {
                told(j, c, || format!("an obligation profile adds no constraints, and `{name}` of `{id}` is one"));
            }
        }
        // Types may be there for their own obligations.
        let own: Vec<_> = named(e, "type").filter_map(|t| text(t, "code")).collect();
        if let Some(lost) = types_of(j, spot).find(|t| !own.is_empty() && !own.iter().any(|code| is_same(code, t))) {
            told(j, e, || format!("an obligation profile leaves out no types, and `{lost}` is missing at `{id}`"));
        }
        if let Some(binding) = named(e, "binding").next() {
            bound(j, spot.row, binding, &id);
        }
    }
}

/// Whether a code names a type of the base. FHIRPath's own types have other names there.
fn is_same(code: &str, of_base: &str) -> bool {
    code.contains("/fhirpath/") || code.rsplit('/').next() == of_base.rsplit('/').next()
}

/// A binding is the base's, with additional ones at most.
fn bound<'t>(j: &mut Judge<'_, 't>, base: Handle, binding: Node<'t>, id: &str) {
    let set = j.set;
    let image = set.layer(base.layer);
    let Some(row) = set.element(base).filter(|row| row.binding != NONE).and_then(|row| image.binding(row.binding))
    else {
        return told(j, binding, || format!("an obligation profile adds no binding, and `{id}` has none in the base"));
    };
    if let Some(strength) = named(binding, "strength").find(|s| s.has_value())
        && strength.text() != code(row.strength())
    {
        told(j, strength, || {
            format!("an obligation profile keeps bindings: that of `{id}` is {} in the base", code(row.strength()))
        });
    }
    let of_base = image.str(row.value_set);
    let is_other = |own: &str| !own.starts_with('#') && bare(own) != bare(of_base);
    if let Some(node) = named(binding, "valueSet").find(|v| v.has_value() && is_other(&v.text())) {
        told(j, node, || format!("an obligation profile keeps bindings: `{id}` is bound to `{of_base}` in the base"));
    }
}

fn code(strength: BindingStrength) -> &'static str {
    match strength {
        BindingStrength::Required => "required",
        BindingStrength::Extensible => "extensible",
        BindingStrength::Preferred => "preferred",
        BindingStrength::Example => "example",
    }
}
