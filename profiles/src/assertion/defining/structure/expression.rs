//! The expressions of a StructureDefinition: those of constraints, on their elements, and of context invariants, on
//! what may hold the extension
//! (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.constraint.expression>).

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::expression::{Ground, check as check_expression, system_names};
use super::super::{named, text};
use super::base::plain;
use crate::definition::FhirVersion;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::model::{Model, TypeId};

/// The types that a definition gives its own elements, by their ids.
type Given = FxHashMap<String, Vec<String>>;

/// The most names in a path that are looked up.
const MAX_DEPTH: usize = 64;

/// Judges the expressions of a StructureDefinition.
pub fn check<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let own = j.set.fhir_version();
    let is_typed = text(n, "fhirVersion").is_none_or(|v| FhirVersion::parse(&v) == Some(own))
        && text(n, "kind").is_none_or(|k| k != "logical");
    context_invariants(j, n, is_typed);
    let url = text(n, "url").unwrap_or_default();
    let mut seen: FxHashMap<String, FxHashSet<Cow<'t, str>>> = FxHashMap::default();
    let has_differential = named(n, "differential").next().is_some();
    for list in ["differential", "snapshot"] {
        let all: Vec<Node<'t>> = named(n, list).flat_map(|l| named(l, "element")).collect();
        let given = given(&all);
        for e in all {
            if j.shared.look() {
                return;
            }
            let mut context = None;
            let Some(id) = id(e) else { continue };
            let said = seen.entry(id.clone()).or_default();
            for c in named(e, "constraint") {
                let Some(at) = named(c, "expression").find(|x| x.has_value()) else { continue };
                let source = text(c, "source");
                let is_own = source.as_ref().is_none_or(|s| *s == url)
                    // What a snapshot has beside the differential is the base's.
                    && (list == "differential" || !has_differential || source.is_some());
                if !is_own || !said.insert(at.text()) {
                    continue;
                }
                let context = *context
                    .get_or_insert_with(|| if is_typed { type_at(j.model(), &id, &given) } else { TypeId::UNKNOWN });
                let name = format!("the expression of `{}`", text(c, "key").unwrap_or_default());
                let (contexts, variables) = (&[context], &["profile"]);
                let ground = Ground { contexts, variables, system_names: system_names(j) };
                check_expression(j, RuleId::STRUCTURE_EXPRESSION, at, &name, &ground);
            }
        }
    }
}

/// The id of an element, or its path where it has none that fits.
fn id(e: Node<'_>) -> Option<String> {
    let path = text(e, "path")?;
    Some(text(e, "id").filter(|id| plain(id) == path).unwrap_or(path).into_owned())
}

fn given(all: &[Node<'_>]) -> Given {
    let mut out = Given::default();
    for e in all {
        let Some(id) = id(*e) else { continue };
        let codes = out.entry(id).or_default();
        for code in named(*e, "type").filter_map(|t| text(t, "code")) {
            let code = code.rsplit('/').next().unwrap_or(&code).to_owned();
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
    }
    out
}

/// The type of an element by its id or path; unknown where it may have several.
fn type_at(model: &Model, id: &str, given: &Given) -> TypeId {
    if id.matches('.').count() > MAX_DEPTH {
        return TypeId::UNKNOWN;
    }
    let mut steps = id.split('.');
    let root = steps.next().unwrap_or_default();
    let mut end = root.len();
    let mut at = model.find(root).unwrap_or_default();
    for step in steps {
        end += 1 + step.len();
        let name = step.split(':').next().unwrap_or(step);
        let name = name.strip_suffix("[x]").unwrap_or(name);
        let names = model.names();
        let mut rows =
            model.children(at).iter().filter(|r| names.text(r.choice_base) == name || names.text(r.name) == name);
        at = match (rows.next(), rows.next()) {
            (Some(row), None) => row.type_id,
            _ => TypeId::UNKNOWN,
        };
        let codes = id.get(..end).and_then(|id| given.get(id)).map(Vec::as_slice);
        if let Some([code]) = codes {
            at = match model.find(code) {
                // `BackboneElement` and `Element` say less than the place.
                Some(t) if !at.is_known() && !matches!(&**code, "BackboneElement" | "Element") => t,
                Some(t) if model.is_a(t, at) => t,
                _ => at,
            };
        }
    }
    at
}

/// The context invariants hold on what the contexts of the extension name.
fn context_invariants<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, is_typed: bool) {
    let mut rules = named(n, "contextInvariant").filter(|x| x.has_value()).peekable();
    if rules.peek().is_none() {
        return;
    }
    // Before R4 the contexts of an extension are paths by themselves.
    let are_paths = text(n, "contextType").is_some_and(|t| t == "resource" || t == "datatype");
    let path = |c: Node<'t>| match text(c, "type") {
        Some(kind) => text(c, "expression").filter(|_| kind == "element"),
        None => are_paths.then(|| c.text()),
    };
    let type_of =
        |c| path(c).filter(|_| is_typed).map_or(TypeId::UNKNOWN, |x| type_at(j.model(), &x, &Given::default()));
    let mut contexts: Vec<TypeId> = named(n, "context").map(type_of).collect();
    let is_open = !contexts.iter().any(|t| t.is_known());
    if contexts.is_empty() {
        contexts.push(TypeId::UNKNOWN);
    }
    for at in rules {
        let ground = Ground { contexts: &contexts, variables: &["extension"], system_names: system_names(j) };
        check_expression(j, RuleId::STRUCTURE_EXPRESSION, at, "the context invariant", &ground);
        if is_open {
            j.find(RuleId::EXPRESSION_DOUBTFUL, Weight::Note, at, &[], || {
                let told = "only the syntax of the context invariant is checked: no context names a known type";
                Detail::Text(told.to_owned())
            });
        }
    }
}
