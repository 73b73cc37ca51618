//! Where an extension is allowed, by the contexts of its definition
//! (<https://hl7.org/fhir/R4/defining-extensions.html#context>).

use crate::fhirpath::{self, Item};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Truth, Weight};
use crate::model::Role;
use crate::plan::rows::ContextRow;
use crate::plan::{ContextKind, Handle};

/// Whether an extension is allowed where it is (<https://hl7.org/fhir/R4/defining-extensions.html#context>).
pub(super) fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, x: Node<'t>, definition: Handle) {
    let Some(row) = j.set.structure(definition) else { return };
    let image = j.set.layer(definition.layer);
    let contexts = image.contexts(row.contexts);
    if contexts.is_empty() || is_part_of_a_value(j, x) {
        return;
    }
    let version = j.set.fhir_version();
    let mut any = Truth::False;
    for c in contexts.iter().filter(|c| c.versions().includes(version)) {
        let expression = image.str(c.expression);
        any = any.or(match c.kind() {
            ContextKind::Element => {
                let profile = expression.split_once('#').map(|(profile, _)| profile);
                match (element_context(j, at, expression), profile) {
                    (true, Some(profile)) => is_of_profile(j, at, profile),
                    (is_there, _) => Truth::of(is_there),
                }
            }
            ContextKind::Extension => Truth::of(extension_context(at, expression)),
            ContextKind::Fhirpath => fhirpath_context(j, at, definition.layer, c),
            ContextKind::Unknown => Truth::Unknown,
        });
        if any == Truth::True {
            return;
        }
    }
    let rule = if any == Truth::False {
        (RuleId::EXTENSION_CONTEXT, Weight::Error)
    } else {
        (RuleId::EXTENSION_CONTEXT_UNDECIDED, Weight::Question)
    };
    j.find(rule.0, rule.1, x.parent().unwrap_or(x), &[], || Detail::Text(image.str(row.url).to_owned()));
}

/// Whether the resource around an element is one of a profile: it claims the profile, or conforms to it. Of a profile
/// that is not known, or not one of resources, it is open.
fn is_of_profile<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, profile: &str) -> Truth {
    let plain = |canonical: &str| canonical.split('|').next() == profile.split('|').next();
    let meta = at.frame.resource.child(NameId::META);
    if meta.is_some_and(|m| m.children_named(NameId::PROFILE).any(|p| p.has_value() && plain(&p.text()))) {
        return Truth::True;
    }
    let root = j.structure(profile).and_then(|s| j.set.root(s)).filter(|root| j.set.is_of_resource(*root));
    root.map_or(Truth::Unknown, |root| j.conforms(at.frame.resource, *at.frame, at.frame.type_id, &[root]))
}

/// Whether an extension is part of a value that a definition demands (`fixed[x]`, `pattern[x]`, `defaultValue[x]`):
/// there it stands where an instance will have it.
fn is_part_of_a_value(j: &Judge<'_, '_>, x: Node<'_>) -> bool {
    let demands = |name: &str| {
        let rest = ["fixed", "pattern", "defaultValue"].iter().find_map(|stem| name.strip_prefix(stem));
        rest.is_some_and(|t| t.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    let mut at = x;
    while let Some(parent) = at.parent() {
        if demands(at.name_text()) && j.model().type_name(j.model().type_of(parent)) == "ElementDefinition" {
            return true;
        }
        at = parent;
    }
    false
}

/// Whether a place is that of an element by its path, or of a type.
pub(super) fn is_at(j: &Judge<'_, '_>, at: &Place<'_, '_>, path: &str) -> bool {
    element_context(j, at, path)
}

/// An element context: a type, a path from a type or resource, or an element id of a profile.
fn element_context(j: &Judge<'_, '_>, at: &Place<'_, '_>, wanted: &str) -> bool {
    let model = j.model();
    let wanted = wanted.split_once('#').map_or(wanted, |(_, f)| f);
    let wanted = wanted.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(wanted);
    if wanted == "Element" || wanted == "*" {
        return true;
    }
    if wanted == "CanonicalResource" || wanted == "MetadataResource" {
        return at.plan.is_resource && at.plan.children.iter().any(|c| c.name == NameId::URL);
    }
    if let Some(t) = model.find(wanted)
        && model.is_a(at.plan.type_id, t)
    {
        return true;
    }
    let plain = wanted.replace("[x]", "");
    // Before R4 a context may name a choice by one of its types.
    let typed = |path: &str| {
        let holder = path.rsplit_once('.').map(|(holder, _)| holder);
        holder.and_then(|h| wanted.strip_prefix(h)?.strip_prefix('.')) == Some(at.node.name_text())
    };
    paths(j, at).iter().any(|p| p == wanted || *p == plain || typed(p))
}

/// The element paths of a place: from each type or resource on the way down to it.
fn paths(j: &Judge<'_, '_>, at: &Place<'_, '_>) -> Vec<String> {
    let model = j.model();
    let mut way = Vec::new();
    let mut n = at.node;
    while n != at.frame.resource {
        way.push(n);
        let Some(parent) = n.parent() else { break };
        n = parent;
    }
    // Each step with the type that holds it.
    let mut parent = at.frame.type_id;
    let mut steps = Vec::new();
    for n in way.iter().rev() {
        let name = model.child(parent, n.name()).map_or(n.name_text(), |row| model.names().text(row.choice_base));
        steps.push((parent, name));
        parent = model.type_of_child(parent, *n);
    }
    let mut out = Vec::new();
    let mut tail = String::new();
    for (holder, name) in steps.iter().rev() {
        tail = if tail.is_empty() { (*name).to_owned() } else { format!("{name}.{tail}") };
        let mut t = *holder;
        while t.is_known() {
            out.push(format!("{}.{tail}", model.type_name(t)));
            t = model.base(t);
        }
    }
    out.push(model.type_name(at.plan.type_id).to_owned());
    out
}

/// An extension context: the extension that contains it has this url (with `#name` a part of it).
fn extension_context(at: &Place<'_, '_>, wanted: &str) -> bool {
    let holder = at.node;
    let url_around = || holder.parent().and_then(|p| p.child_text(NameId::URL));
    if at.plan.role != Role::Extension {
        // The value of an extension represents the extension.
        let around = at.up.is_some_and(|u| u.plan.role == Role::Extension);
        return around && url_around().is_some_and(|u| u == wanted);
    }
    let own = holder.child_text(NameId::URL).unwrap_or_default();
    match wanted.split_once('#') {
        None => own == wanted,
        Some((outer, name)) => own == name && url_around().is_some_and(|u| u == outer),
    }
}

/// A context in FHIRPath: the holder is among what the expression selects from its resource, or the expression is true.
fn fhirpath_context<'t>(j: &Judge<'_, 't>, at: &Place<'_, 't>, layer: u32, row: &ContextRow) -> Truth {
    let Some(code) = j.set.layer(layer).code(row.code) else { return Truth::Unknown };
    let ports = j.ports(at.frame);
    let context = ports.context();
    let focus = Item::node(at.frame.resource, at.frame.type_id);
    let holder = at.node.index();
    j.with_scratch(|scratch| match fhirpath::evaluate(code, &focus, &context, scratch) {
        Err(_) => Truth::Unknown,
        Ok(items) => Truth::any(items.iter().map(|i| match i {
            Item::Bool(b) => Truth::of(*b),
            Item::Unknown(_) => Truth::Unknown,
            other => Truth::of(other.as_node().is_some_and(|n| n.index() == holder)),
        })),
    })
}

/// The context invariants of an extension: each is true of what contains the extension, which is `%extension` in it
/// (<https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.contextInvariant>).
pub(super) fn invariants<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, x: Node<'t>, definition: Handle) {
    let Some(row) = j.set.structure(definition).filter(|row| row.context_invariants.len > 0) else { return };
    let image = j.set.layer(definition.layer);
    for rule in image.contexts(row.context_invariants) {
        let told = || Detail::Text(format!("`{}` of `{}`", image.str(rule.expression), image.str(row.url)));
        match invariant(j, at, x, image.code(rule.code)) {
            Truth::True => {}
            Truth::False => j.error(RuleId::EXTENSION_CONTEXT_INVARIANT, at.node, &[], told),
            Truth::Unknown => j.question(RuleId::EXTENSION_CONTEXT_UNDECIDED, at.node, &[], || {
                Detail::Text(image.str(row.url).to_owned())
            }),
        }
    }
}

fn invariant<'t>(j: &Judge<'_, 't>, at: &Place<'_, 't>, x: Node<'t>, code: Option<fhirpath::Code<'_>>) -> Truth {
    let Some(code) = code else { return Truth::Unknown };
    let ports = j.ports(at.frame);
    let mut context = ports.context();
    let extension = [Item::node(x, j.model().type_of_child(at.plan.type_id, x))];
    let variables = [("extension", &extension[..])];
    context.variables = &variables;
    let truth =
        j.with_scratch(|scratch| fhirpath::test(code, &Item::node(at.node, at.plan.type_id), &context, scratch));
    match truth {
        fhirpath::Truth::True => Truth::True,
        fhirpath::Truth::False | fhirpath::Truth::Empty => Truth::False,
        fhirpath::Truth::Error(e) if e.kind == fhirpath::ErrorKind::Singleton => Truth::False,
        fhirpath::Truth::Unknown(_) | fhirpath::Truth::Error(_) => Truth::Unknown,
    }
}
