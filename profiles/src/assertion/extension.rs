//! Extensions: known or not, where they may stand (https://hl7.org/fhir/R4/extensibility.html).
//!
//! From the plan: [`ExtensionPlan`], and the contexts of the extension's definition.

use super::example::{Example, example};
use super::text::Describe;
use crate::fhirpath::{self, Item};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Truth, Weight};
use crate::model::Role;
use crate::plan::rows::{ContextRow, NONE, STRUCTURE_MODIFIER};
use crate::plan::{ContextKind, ExtensionPlan, Handle, PlanChild};

/// Says that an extension has no url.
pub fn no_url<'t>(j: &mut Judge<'_, 't>, x: Node<'t>, child: &PlanChild) {
    if x.is_object() {
        j.error(RuleId::EXTENSION_URL, x, &child.handles, || Detail::None);
    }
}

/// What is to be said of an extension by its url: unknown, an example, in the wrong place. `at` is what it stands in;
/// `sliced`: a slice takes it.
pub fn check<'t>(
    j: &mut Judge<'_, 't>,
    at: &Place<'_, 't>,
    x: Node<'t>,
    child: &PlanChild,
    url: &str,
    known: &ExtensionPlan,
    sliced: bool,
) {
    let modifier = child.name == NameId::MODIFIER_EXTENSION;
    if let Some(definition) = known.definition {
        let Some(row) = j.set.structure(definition) else { return };
        if (row.flags & STRUCTURE_MODIFIER != 0) != modifier {
            j.error(RuleId::EXTENSION_MODIFIER, x, &[], || Detail::Text(url.to_owned()));
        }
        context(j, at, x, definition);
        context_invariants(j, at, x, definition);
        return;
    }
    if !url.contains(':') {
        let named = sliced || known.slices.iter().any(Option::is_some);
        relative(j, at, x, child, url, named);
        return;
    }
    // A slice that takes the extension does not define it.
    let (rule, weight) = unknown(j, url, modifier);
    j.find(rule, weight, x, &[], || Detail::Text(url.to_owned()));
}

/// A url that is not absolute names a part of the extension around.
fn relative<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, x: Node<'t>, child: &PlanChild, url: &str, named: bool) {
    let inside = at.plan.role == Role::Extension;
    if named {
        return;
    }
    if inside && parts_defined(j, at) {
        j.error(RuleId::EXTENSION_SUB_UNKNOWN, x, &child.handles, || Detail::Text(url.to_owned()));
    } else if !inside {
        j.error(RuleId::EXTENSION_URL_ABSOLUTE, x, &child.handles, || Detail::Text(url.to_owned()));
    }
}

/// What an extension that no package defines counts for.
fn unknown(j: &Judge<'_, '_>, url: &str, modifier: bool) -> (RuleId, Weight) {
    let of = |level: Level| match level {
        Level::Allow => Weight::Note,
        Level::Warn => Weight::Warning,
        Level::Error => Weight::Error,
    };
    if is_cross_version(url) {
        return if modifier {
            (RuleId::EXTENSION_MODIFIER_UNKNOWN, Weight::Question)
        } else {
            (RuleId::EXTENSION_UNKNOWN, Weight::Note)
        };
    }
    if modifier {
        return (RuleId::EXTENSION_MODIFIER_UNKNOWN, j.policies.unknown_modifiers.map_or(Weight::Question, of));
    }
    let example = url.starts_with("http://example.org")
        || url.starts_with("https://example.org")
        || url.contains("://example.com");
    if example {
        (RuleId::EXTENSION_EXAMPLE, of(j.policies.example_urls))
    } else {
        (RuleId::EXTENSION_UNKNOWN, of(j.policies.unknown_extensions))
    }
}

/// Whether the extension around has a definition that says which parts there are.
fn parts_defined(j: &Judge<'_, '_>, at: &Place<'_, '_>) -> bool {
    let base = j.set.core_type("Extension").and_then(|s| j.set.root(s));
    at.plan.handles.iter().any(|h| {
        j.set.element(*h).is_some_and(|e| if e.parent == NONE { Some(*h) != base } else { e.first_child != NONE })
    })
}

/// Whether an extension may stand where it stands (https://hl7.org/fhir/R4/defining-extensions.html#context).
fn context<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, x: Node<'t>, definition: Handle) {
    let Some(row) = j.set.structure(definition) else { return };
    let image = j.set.layer(definition.layer);
    let contexts = image.contexts(row.contexts);
    if contexts.is_empty() {
        return;
    }
    let mut any = Truth::False;
    for c in contexts {
        let expression = image.str(c.expression);
        any = any.or(match c.kind() {
            ContextKind::Element => Truth::of(element_context(j, at, expression)),
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
    paths(j, at).iter().any(|p| p == wanted || *p == plain)
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

/// An extension context: the extension around has this url (with `#name` a part of it).
fn extension_context(at: &Place<'_, '_>, wanted: &str) -> bool {
    let holder = at.node;
    let url_around = || holder.parent().and_then(|p| p.child_text(NameId::URL));
    if at.plan.role != Role::Extension {
        // The value of an extension stands for the extension.
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

/// The rules about when an extension may be used: each is true of what holds the extension, which is `%extension` in it
/// (https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.contextInvariant).
fn context_invariants<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, x: Node<'t>, definition: Handle) {
    let Some(row) = j.set.structure(definition).filter(|row| row.context_invariants.len > 0) else { return };
    let image = j.set.layer(definition.layer);
    for rule in image.contexts(row.context_invariants) {
        let told = || Detail::Text(format!("`{}` of `{}`", image.str(rule.expression), image.str(row.url)));
        match context_invariant(j, at, x, image.code(rule.code)) {
            Truth::True => {}
            Truth::False => j.error(RuleId::EXTENSION_CONTEXT_INVARIANT, at.node, &[], told),
            Truth::Unknown => j.question(RuleId::EXTENSION_CONTEXT_UNDECIDED, at.node, &[], || {
                Detail::Text(image.str(row.url).to_owned())
            }),
        }
    }
}

fn context_invariant<'t>(
    j: &Judge<'_, 't>,
    at: &Place<'_, 't>,
    x: Node<'t>,
    code: Option<fhirpath::Code<'_>>,
) -> Truth {
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

/// Whether a url is that of an extension which stands for an element of another FHIR version: such extensions need no
/// definition to exist (https://hl7.org/fhir/R4/versions.html#extensions).
fn is_cross_version(url: &str) -> bool {
    let Some((version, name)) =
        url.strip_prefix("http://hl7.org/fhir/").and_then(|r| r.split_once("/StructureDefinition/extension-"))
    else {
        return false;
    };
    matches!(version, "1.0" | "3.0" | "4.0" | "4.3" | "5.0") && name.contains('.')
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::EXTENSION_URL, |_| "the extension has no url".into()),
    (RuleId::EXTENSION_UNKNOWN, |t| {
        format!("the extension `{}` is not known, so its content was not checked", t.given()).into()
    }),
    (RuleId::EXTENSION_MODIFIER_UNKNOWN, |t| {
        format!("the modifier extension `{}` is not known: it may change the meaning of what is around it", t.given())
            .into()
    }),
    (RuleId::EXTENSION_EXAMPLE, |t| format!("`{}` is an example url", t.given()).into()),
    (RuleId::EXTENSION_SUB_UNKNOWN, |t| {
        format!("the extension around does not define the sub-extension `{}`", t.given()).into()
    }),
    (RuleId::EXTENSION_URL_ABSOLUTE, |t| format!("the extension url `{}` is not absolute", t.given()).into()),
    (RuleId::EXTENSION_CONTEXT, |t| format!("the extension `{}` may not stand here", t.given()).into()),
    (RuleId::EXTENSION_CONTEXT_INVARIANT, |t| {
        format!("the extension is not allowed here: its rule {} is not satisfied", t.given()).into()
    }),
    (RuleId::EXTENSION_CONTEXT_UNDECIDED, |t| {
        format!("cannot determine whether extension `{}` is allowed in this context", t.given()).into()
    }),
    (RuleId::EXTENSION_MODIFIER, |t| {
        format!("the extension `{}` stands among the wrong kind of extensions", t.given()).into()
    }),
];

/// A patient with one extension.
macro_rules! extended {
    ($content:literal) => {
        concat!(r#"{"resourceType":"Patient","extension":[{"#, $content, r#"}]}"#)
    };
}

/// An extension with a context in FHIRPath, and maybe a rule beside it.
macro_rules! context {
    ($name:literal, $expression:literal) => {
        context!($name, $expression, "true")
    };
    ($name:literal, $expression:literal, $rule:literal) => {
        concat!(
            r#"{"resourceType":"StructureDefinition","id":""#,
            $name,
            r#"","url":"http://firing.test/StructureDefinition/"#,
            $name,
            r#"","name":"InContext","status":"active","fhirVersion":"4.0.1","kind":"complex-type","abstract":false,"type":"Extension","derivation":"constraint",
            "context":[{"type":"fhirpath","expression":""#,
            $expression,
            r#""}],"contextInvariant":[""#,
            $rule,
            r#""],"baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension",
            "differential":{"element":[{"id":"Extension.url","path":"Extension.url","fixedUri":"http://firing.test/StructureDefinition/"#,
            $name,
            r#""}]}}"#
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::EXTENSION_URL, extended!(r#"§"valueString":"a""#), "", r#""url":"http://a.test/a","#),
    example(RuleId::EXTENSION_URL_ABSOLUTE, extended!(r#""url":"§","valueString":"a""#), "a", "http://a.test/a"),
    example(RuleId::EXTENSION_UNKNOWN, extended!(r#""url":"§","valueString":"a""#), "http://a.test/a", "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"),
    example(RuleId::EXTENSION_EXAMPLE, extended!(r#""url":"http://§/a","valueString":"a""#), "example.org", "a.test"),
    example(RuleId::EXTENSION_SUB_UNKNOWN, extended!(r#""url":"http://hl7.org/fhir/StructureDefinition/patient-nationality","extension":[{"url":"§","valueCodeableConcept":{"text":"a"}}]"#), "nation", "code"),
    example(RuleId::EXTENSION_CONTEXT, r#"{"resourceType":"§","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"a"}]}"#, "Practitioner", "Patient"),
    example(RuleId::EXTENSION_MODIFIER_UNKNOWN, r#"{"resourceType":"Patient","§":[{"url":"http://a.test/a","valueString":"a"}]}"#, "modifierExtension", "extension"),
    example(RuleId::EXTENSION_CONTEXT_UNDECIDED, r#"{"resourceType":"Patient","extension":[{"url":"http://firing.test/StructureDefinition/§","valueString":"a"}],"maritalStatus":{"coding":[{"system":"http://a.test","code":"x"}]}}"#, "in-open-context", "in-known-context")
        .with(&[context!("in-open-context", "Patient.where(maritalStatus.memberOf('http://firing.test/ValueSet/absent'))"), context!("in-known-context", "Patient.where(maritalStatus.exists())")]),
    example(RuleId::EXTENSION_CONTEXT_INVARIANT, r#"{"resourceType":"Patient","extension":[{"url":"http://firing.test/StructureDefinition/in-ruled-context","valueString":"a"}]§}"#, "", r#","active":true"#)
        .with(&[context!("in-ruled-context", "Patient", "active and %extension.value = 'a'")]),
    example(RuleId::EXTENSION_MODIFIER, r#"{"resourceType":"Patient","§":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"a"}]}"#, "modifierExtension", "extension"),
];
