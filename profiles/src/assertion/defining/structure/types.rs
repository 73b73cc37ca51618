//! The types of an element of a profile: some of those that the base allows, their profiles of these types, their
//! targets among the base's (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type>).

use crate::definition::bare;
use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::super::{named, text};
use super::base::{Spot, plain, types_of};
use super::home::Home;
use crate::assertion::extension;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Scene, Truth};
use crate::model::{TypeId, is_absolute_uri};
use crate::plan::rows::TypeRefRow;

/// The prefix of FHIRPath's own types, which have the names of primitives here.
const SYSTEM: &str = "http://hl7.org/fhirpath/System.";
/// The elements that are of such a type.
const OF_SYSTEM: [&str; 3] = ["id", "url", "value"];
/// The base url of FHIR's own type definitions.
const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The types that these elements give, by path.
pub fn given(elements: &[Node<'_>]) -> FxHashMap<String, Vec<String>> {
    let mut out: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for e in elements {
        let codes: Vec<String> =
            named(*e, "type").filter_map(|t| text(t, "code")).map(|c| tail(&c).to_owned()).collect();
        if let Some(path) = text(*e, "path").filter(|_| !codes.is_empty()) {
            let known = out.entry(plain(&path)).or_default();
            known.extend(
                codes
                    .into_iter()
                    .filter(|c| !known.contains(c))
                    .take(MOST_TYPES.saturating_sub(known.len()))
                    .collect::<Vec<_>>(),
            );
        }
    }
    out
}

/// Bound on the types of one path that are looked through for its children; FHIR has fewer than three hundred.
const MOST_TYPES: usize = 300;

fn tail(code: &str) -> &str {
    code.rsplit('/').next().unwrap_or(code)
}

/// Compares the types of an element with those of the base.
pub fn check<'t>(j: &mut Judge<'_, 't>, home: Home, spot: Spot<'_>, e: Node<'t>, id: &str) {
    for t in named(e, "type") {
        let Some(node) = named(t, "code").find(|c| c.has_value()) else { continue };
        let code = node.text();
        match allows(j, spot, id, &code) {
            Truth::True => {
                profiles(j, home, t, id, &code);
                targets(j, home, spot, t, &code);
            }
            Truth::False => {
                let allowed = listed(j, spot);
                j.error(RuleId::STRUCTURE_TYPE, node, &[], || {
                    Detail::Text(format!("the base does not allow `{id}` to be of type `{code}`; it allows {allowed}"))
                });
            }
            Truth::Unknown => j.question(RuleId::STRUCTURE_TYPE, node, &[], || {
                Detail::Text(format!(
                    "cannot determine whether the base allows `{id}` to be of type `{code}`: that type is not loaded"
                ))
            }),
        }
    }
}

/// The types that the base allows, for a text.
pub fn listed(scene: &Scene<'_, '_>, spot: Spot<'_>) -> String {
    let mut names: Vec<String> = Vec::new();
    for code in types_of(scene, spot) {
        let name = format!("`{code}`");
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// Whether an element of the base may be of a type.
pub fn allows(scene: &Scene<'_, '_>, spot: Spot<'_>, id: &str, code: &str) -> Truth {
    let own = id.rsplit('.').next().unwrap_or(id);
    let mut any = false;
    let mut truth = Truth::False;
    for wanted in types_of(scene, spot) {
        any = true;
        truth = truth.or(fits(scene, wanted, code, OF_SYSTEM.contains(&own)));
    }
    // The root of a type, and what takes over the content of another element, have none.
    if any { truth } else { Truth::True }
}

/// Whether a type satisfies an expected one: the type itself, or, where that is abstract, any that specialises it.
fn fits(scene: &Scene<'_, '_>, wanted: &str, code: &str, of_system: bool) -> Truth {
    let model = scene.model();
    let name = tail(code);
    if wanted == name || wanted == "*" {
        return Truth::True;
    }
    // These elements are written with FHIRPath's own types or with the names of the primitives that stand for them.
    if of_system && (code.starts_with(SYSTEM) || matches!(name, "string" | "id" | "uri")) {
        return Truth::True;
    }
    match (model.find(wanted), model.find(name)) {
        (Some(w), Some(c)) => Truth::of(scene.is_abstract(w) && model.is_a(c, w)),
        // A custom type.
        (None, _) => Truth::Unknown,
        (Some(w), None) if is_absolute_uri(code) && scene.is_abstract(w) => Truth::Unknown,
        _ => Truth::False,
    }
}

/// The profiles of a type are of this type.
fn profiles<'t>(j: &mut Judge<'_, 't>, home: Home, t: Node<'t>, id: &str, code: &str) {
    for p in named(t, "profile").filter(|p| p.has_value()) {
        let canonical = p.text();
        let bare = canonical.split('#').next().unwrap_or(&canonical);
        let holds_modifiers = match id.rsplit('.').next().unwrap_or(id).split(':').next() {
            Some("extension") => Some(false),
            Some("modifierExtension") => Some(true),
            _ => None,
        };
        let is_modifier = extension::is_modifier(j, bare);
        if let (Some(holds), Some(is)) = (holds_modifiers, is_modifier)
            && holds != is
        {
            j.error(RuleId::STRUCTURE_TYPE, p, &[], || {
                let not = if is { "" } else { "not " };
                Detail::Text(format!("extension `{canonical}` is {not}a modifier, so it does not belong in `{id}`"))
            });
            continue;
        }
        if is_modifier.is_some() && tail(code) == "Extension" {
            continue;
        }
        let Some(found) = type_of_profile(j, home, bare) else {
            // What is written here is kept apart from what could be looked up.
            j.question(RuleId::STRUCTURE_TYPE, p, &[], || {
                Detail::Text(format!(
                    "cannot determine whether `{canonical}` is a profile of `{code}`: it is not loaded"
                ))
            });
            continue;
        };
        let model = j.model();
        let fits = tail(code) == found
            || matches!((model.find(&found), model.find(tail(code))), (Some(f),
                Some(c)) if j.is_abstract(c) && model.is_a(f, c));
        if !fits && bare.len() == canonical.len() {
            j.error(RuleId::STRUCTURE_TYPE, p, &[], || {
                Detail::Text(format!("`{canonical}` is a profile of `{found}`, not of `{code}`"))
            });
        }
    }
}

/// The type that a structure constrains or defines.
fn type_of_profile<'e>(j: &Judge<'e, '_>, home: Home, canonical: &str) -> Option<Cow<'e, str>> {
    if let Some(found) = home.structure(j, canonical) {
        return Some(Cow::Borrowed(j.scene.set.str(found.layer, j.scene.set.structure(found)?.type_name)));
    }
    let name = canonical.split('|').next()?.strip_prefix(CORE)?;
    j.model().find(name).map(|_| Cow::Owned(name.to_owned()))
}

/// The most definitions between a profile and one that it is derived from.
const MAX_BASES: usize = 64;

/// The type that a target is itself, where it is no profile.
fn core(scene: &Scene<'_, '_>, url: &str) -> Option<TypeId> {
    scene.model().find(url.split('|').next()?.strip_prefix(CORE)?)
}

/// Whether a target, whose type is given, is one that the base allows or derived from it.
fn is_within(j: &Judge<'_, '_>, home: Home, (canonical, found): (&str, &str), allowed: &str) -> Truth {
    let model = j.model();
    if let Some(wanted) = core(j, allowed) {
        return Truth::of(model.find(found).is_some_and(|f| model.is_a(f, wanted) || model.is_a(wanted, f)));
    }
    let (mut url, wanted) = (canonical.to_owned(), bare(allowed));
    let mut from = None;
    for _ in 0..MAX_BASES {
        if bare(&url) == wanted {
            return Truth::True;
        }
        if core(j, &url).is_some() {
            return Truth::False;
        }
        let at = match from {
            Some(layer) => j.set.find_structure(&url, Some(layer)),
            None => home.structure(j, &url),
        };
        let Some((layer, base)) = at.and_then(|h| Some((h.layer, j.set.structure(h)?.base))) else {
            return Truth::Unknown;
        };
        url = j.set.str(layer, base).to_owned();
        from = Some(layer);
    }
    Truth::Unknown
}

/// The targets of a reference or canonical are of types that the base allows as targets.
fn targets<'t>(j: &mut Judge<'_, 't>, home: Home, spot: Spot<'_>, t: Node<'t>, code: &str) {
    let set = j.set;
    let Some(row) = set.element(spot.row) else { return };
    let image = set.layer(spot.row.layer);
    let same: Vec<&TypeRefRow> =
        image.type_refs(row.types).iter().filter(|r| image.str(r.code) == tail(code)).collect();
    let mut urls: Vec<&str> = Vec::new();
    for r in &same {
        // No target at all allows any.
        if r.targets.len == 0 {
            return;
        }
        urls.extend(image.list(r.targets));
    }
    let allowed: Option<Vec<_>> = urls.iter().map(|url| type_of_profile(j, home, url)).collect();
    let Some(allowed) = allowed.filter(|a| !a.is_empty()) else { return };
    for p in named(t, "targetProfile").filter(|p| p.has_value()) {
        let canonical = p.text();
        let Some(found) = type_of_profile(j, home, &canonical) else {
            j.question(RuleId::STRUCTURE_TYPE, p, &[], || {
                Detail::Text(format!(
                    "cannot determine whether the base allows the target `{canonical}`: it is not loaded"
                ))
            });
            continue;
        };
        let model = j.model();
        let fits = allowed.iter().any(|a| {
            *a == found
                || matches!((model.find(&found), model.find(a)), (Some(f),
            Some(w)) if model.is_a(f, w) || model.is_a(w, f))
        });
        if !fits {
            let names: Vec<String> = allowed.iter().map(|a| format!("`{a}`")).collect();
            j.error(RuleId::STRUCTURE_TYPE, p, &[], || {
                Detail::Text(format!("the base does not allow the target `{found}`; it allows {}", names.join(", ")))
            });
            continue;
        }
        let names = || urls.iter().map(|url| format!("`{url}`")).collect::<Vec<_>>().join(", ");
        match urls.iter().fold(Truth::False, |truth, url| truth.or(is_within(j, home, (&canonical, &found), url))) {
            Truth::True => {}
            Truth::False => j.error(RuleId::STRUCTURE_TYPE, p, &[], || {
                Detail::Text(format!("`{canonical}` is not derived from a target that the base allows: {}", names()))
            }),
            Truth::Unknown => j.question(RuleId::STRUCTURE_TYPE, p, &[], || {
                Detail::Text(format!(
                    "cannot determine whether `{canonical}` is derived from a target that the base allows: {}",
                    names()
                ))
            }),
        }
    }
}
