//! Operation definitions: the profiles of their input and output are profiles of Parameters, and describe the same
//! parameters (<https://hl7.org/fhir/R4/operationdefinition-definitions.html#OperationDefinition.inputProfile>).

mod base;

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::{named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};
use crate::model::TypeId;
use crate::plan::rows::{ElementRow, NONE};
use crate::plan::{Handle, Image, SlicingRules};

/// Judges an OperationDefinition.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    base::check(j, at.node);
    for (name, direction) in [("inputProfile", "in"), ("outputProfile", "out")] {
        let Some(node) = named(at.node, name).find(|p| p.has_value()) else { continue };
        profile(j, at.node, node, direction);
    }
}

/// A profile of the input or the output does not conflict with the parameters of that direction.
fn profile<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, node: Node<'t>, direction: &str) {
    let set = j.set;
    let canonical = node.text();
    let Some((handle, row)) = j.structure(&canonical).and_then(|h| Some((h, set.structure(h)?))) else {
        if j.kinds(&canonical).is_empty() {
            j.question(RuleId::OPERATION_PARAMETER, node, &[], || {
                Detail::Text(format!("cannot check the parameters against `{canonical}`, which is not loaded"))
            });
        }
        return;
    };
    let of = set.str(handle.layer, row.type_name);
    if of != "Parameters" {
        j.error(RuleId::OPERATION_PARAMETER, node, &[], || {
            Detail::Text(format!("`{canonical}` is a profile of `{of}`, not of `Parameters`"))
        });
        return;
    }
    let Some(root) = set.root(handle) else { return };
    let image = set.layer(handle.layer);
    let described = described(j, image, root);
    let mut own: FxHashSet<Cow<'t, str>> = FxHashSet::default();
    for p in named(n, "parameter").filter(|p| text(*p, "use").is_some_and(|u| u == direction)) {
        let Some(name) = text(p, "name") else { continue };
        match described.by_name.get(&*name) {
            Some(slice) => {
                let faults = faults(j, handle.layer, p, slice);
                if faults.is_empty() {
                    compared(j, image, (p, slice), &canonical);
                }
                for fault in faults {
                    j.error(RuleId::OPERATION_PARAMETER, p, &[], || Detail::Text(format!("{fault} in `{canonical}`")));
                }
            }
            // A profile that describes no parameter at all says nothing of them.
            None if described.is_complete && !described.by_name.is_empty() => {
                undescribed(j, p, (&name, &canonical), described.is_closed)
            }
            None => {}
        }
        own.insert(name);
    }
    let mut other: Vec<&str> = described.by_name.keys().copied().filter(|name| !own.contains(*name)).collect();
    other.sort_unstable();
    if !other.is_empty() {
        j.find(RuleId::OPERATION_PARAMETER, Weight::Warning, node, &[], || {
            let names = other.join("`, `");
            Detail::Text(format!(
                "`{canonical}` describes `{names}`, which the operation does not have as `{direction}`"
            ))
        });
    }
}

/// A parameter that a profile does not describe: a conflict where the operation demands it and the profile is closed.
fn undescribed<'t>(j: &mut Judge<'_, 't>, p: Node<'t>, (name, canonical): (&str, &str), is_closed: bool) {
    let is_demanded = text(p, "min").is_some_and(|min| min != "0");
    let weight = if is_closed && is_demanded { Weight::Error } else { Weight::Warning };
    j.find(RuleId::OPERATION_PARAMETER, weight, p, &[], || {
        let how = if is_closed { "allows no" } else { "does not describe" };
        Detail::Text(format!("`{canonical}` {how} parameter `{name}`"))
    });
}

/// What a profile says of parameters.
struct Described<'e> {
    /// The slices of `Parameters.parameter` by the name that they fix.
    by_name: FxHashMap<&'e str, ElementRow>,
    /// Whether each slice fixes a name.
    is_complete: bool,
    /// Whether no other parameters are allowed.
    is_closed: bool,
}

fn described<'e>(j: &Judge<'e, '_>, image: &'e Image, root: Handle) -> Described<'e> {
    let parameter = j.set.element(root).and_then(|e| child(image, &e, "parameter"));
    let first = parameter.and_then(|p| image.element(p.first_slice));
    let slices = std::iter::successors(first, |s| image.element(s.next_slice));
    let name_of = |s: &ElementRow| {
        let name = child(image, s, "name")?;
        let value = image.value(if name.fixed == NONE { name.pattern } else { name.fixed })?;
        Some(image.str(value.text))
    };
    let names: Vec<_> = slices.map(|s| (name_of(&s), s)).collect();
    let slicing = parameter.and_then(|p| image.slicing(p.slicing));
    Described {
        is_complete: names.iter().all(|(name, _)| name.is_some()),
        by_name: names.into_iter().filter_map(|(name, s)| Some((name?, s))).collect(),
        is_closed: slicing.is_some_and(|s| s.rules() == SlicingRules::Closed),
    }
}

/// The child of an element with this last name in its id.
fn child(image: &Image, e: &ElementRow, name: &str) -> Option<ElementRow> {
    let mut children = std::iter::successors(image.element(e.first_child), |c| image.element(c.next));
    children.find(|c| image.str(c.id).rsplit('.').next() == Some(name))
}

/// Where a parameter and the slice that describes it contradict each other: a profile may constrain further what the
/// parameter allows.
fn faults(j: &Judge<'_, '_>, layer: u32, p: Node<'_>, slice: &ElementRow) -> Vec<String> {
    let (model, image) = (j.model(), j.set.layer(layer));
    let name = text(p, "name").unwrap_or_default();
    let mut out = Vec::new();
    let min = text(p, "min").and_then(|m| m.parse::<u32>().ok()).filter(|min| slice.max < *min);
    if let Some(min) = min {
        out.push(format!("the min of parameter `{name}` is {min}, but at most {} are allowed", slice.max));
    }
    let max = text(p, "max").and_then(|m| m.parse::<u32>().ok()).filter(|max| slice.min > *max);
    if let Some(max) = max {
        out.push(format!("the max of parameter `{name}` is {max}, but at least {} are demanded", slice.min));
    }
    let types = types(image, slice);
    let is_said = !types.is_empty();
    let fits = |own: &str| {
        let own = model.find(own);
        types.iter().any(|t| own.zip(model.find(t)).is_none_or(|(own, t)| model.is_a(t, own) || model.is_a(own, t)))
    };
    if let Some(own) = text(p, "type").filter(|own| is_said && !fits(own)) {
        out.push(format!("the type of parameter `{name}` is `{own}`, but {}", types.join(" or ")));
    }
    out.extend(
        apart(j, layer, p, slice).map(|(own, other)| format!("parameter `{name}` refers to {own}, but to {other}")),
    );
    out
}

/// The types that a profile gives a parameter; none where it allows values and resources of all types.
fn types<'e>(image: &'e Image, slice: &ElementRow) -> Vec<&'e str> {
    let types: Vec<&str> = ["value[x]", "resource"]
        .into_iter()
        .filter_map(|name| child(image, slice, name).filter(|c| c.max > 0))
        .flat_map(|c| image.type_refs(c.types).iter().map(|t| image.str(t.code)))
        .collect();
    if types.len() < MANY && !types.contains(&"Resource") { types } else { Vec::new() }
}

/// Notes what a profile says of a parameter other than the operation does: it may, and who reads the operation alone
/// does not see it.
fn compared<'t>(j: &mut Judge<'_, 't>, image: &Image, (p, slice): (Node<'t>, &ElementRow), canonical: &str) {
    let mut other: Vec<String> = Vec::new();
    let count = |name| text(p, name).and_then(|n| if n == "*" { Some(u32::MAX) } else { n.parse().ok() });
    let shown = |n: u32| if n == u32::MAX { "*".to_owned() } else { n.to_string() };
    for (name, of_profile) in [("min", slice.min), ("max", slice.max)] {
        if let Some(own) = count(name).filter(|own| *own != of_profile) {
            other.push(format!("the {name} is {} here, and {} there", shown(own), shown(of_profile)));
        }
    }
    let (own, types) = (text(p, "type"), types(image, slice));
    let is_open = p.children().any(|c| matches!(c.name_text(), "extension" | "allowedType"));
    if let Some(own) = own.filter(|own| !is_open && !types.is_empty() && types.iter().any(|t| **t != **own)) {
        other.push(format!("the type is `{own}` here, and {} there", types.join(" or ")));
    }
    if !other.is_empty() {
        j.find(RuleId::OPERATION_PROFILE, Weight::Note, p, &[], || {
            let name = text(p, "name").unwrap_or_default();
            Detail::Text(format!("`{canonical}` differs on parameter `{name}`: {}", other.join("; ")))
        });
    }
}

/// The types that a parameter and the slice that describes it refer to, where they have none in common; `None` where
/// they have, or not all are known.
fn apart(j: &Judge<'_, '_>, layer: u32, p: Node<'_>, slice: &ElementRow) -> Option<(String, String)> {
    let (set, model, image) = (j.set, j.model(), j.set.layer(layer));
    let type_of = |target: &str, asking| {
        let found = set.find_structure(target, asking)?;
        model.find(set.str(found.layer, set.structure(found)?.type_name))
    };
    let own: Vec<TypeId> = named(p, "targetProfile")
        .map(|t| type_of(&t.text(), None))
        .collect::<Option<_>>()
        .filter(|t: &Vec<_>| !t.is_empty())?;
    let refs = image.type_refs(child(image, slice, "value[x]")?.types);
    // A type beside them, or one without targets, allows more.
    if refs.is_empty() || refs.iter().any(|t| image.list(t.targets).next().is_none()) {
        return None;
    }
    let targets = refs.iter().flat_map(|t| image.list(t.targets));
    let other: Vec<TypeId> = targets.map(|t| type_of(t, Some(layer))).collect::<Option<_>>()?;
    let meets = |own: TypeId| other.iter().any(|o| model.is_a(own, *o) || model.is_a(*o, own));
    let told =
        |all: &[TypeId]| all.iter().map(|t| format!("`{}`", model.type_name(*t))).collect::<Vec<_>>().join(" or ");
    (!own.iter().any(|t| meets(*t))).then(|| (told(&own), told(&other)))
}

/// As many types as this are those of any value.
const MANY: usize = 20;

pub const MESSAGES: &[(RuleId, Describe)] =
    &[(RuleId::OPERATION_PARAMETER, |t| t.given().into()), (RuleId::OPERATION_PROFILE, |t| t.given().into())];

/// A profile of Parameters with one parameter.
const PROFILE: &str = r#"{"resourceType":"StructureDefinition","url":"http://firing.test/StructureDefinition/operands",
    "name":"O","status":"draft","fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Parameters",
    "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Parameters","derivation":"constraint","differential":{
    "element":[{"id":"Parameters.parameter","path":"Parameters.parameter","slicing":{"discriminator":[{"type":"value",
    "path":"name"}],"rules":"open"}},{"id":"Parameters.parameter:a","path":"Parameters.parameter","sliceName":"a",
    "min":1,"max":"1"},{"id":"Parameters.parameter:a.name","path":"Parameters.parameter.name","fixedString":"a"},
    {"id":"Parameters.parameter:a.value[x]","path":"Parameters.parameter.value[x]","min":1,"type":[{"code":"code"}]},
    {"id":"Parameters.parameter:a.resource","path":"Parameters.parameter.resource","max":"0"}]}}"#;

/// An operation with one parameter and a profile of its input.
macro_rules! operation {
    ($profile:literal, $parameter:literal) => {
        concat!(
            r#"{"resourceType":"OperationDefinition","name":"O","status":"draft","kind":"operation","code":"o",
            "system":true,"type":false,"instance":false,"inputProfile":""#,
            $profile,
            r#"","parameter":[{"name":"a","use":"in","min":0,"#,
            $parameter,
            "}]}"
        )
    };
}

/// The profile, and operations of which one constrains another.
const LINE: &[&str] = &[
    PROFILE,
    r#"{"resourceType":"OperationDefinition","id":"around","url":"http://firing.test/OperationDefinition/around",
    "name":"A","status":"draft","kind":"operation","code":"o","base":"http://a.test/o","system":true,"type":false,
    "instance":false}"#,
    r#"{"resourceType":"OperationDefinition","id":"straight","url":"http://firing.test/OperationDefinition/straight",
    "name":"S","status":"draft","kind":"operation","code":"o","system":true,"type":false,"instance":false}"#,
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::OPERATION_PARAMETER, r#"{"resourceType":"OperationDefinition","url":"http://a.test/o","name":"O",
        "status":"draft","kind":"operation","code":"o","base":"http://firing.test/OperationDefinition/§",
        "system":true,"type":false,"instance":false}"#, "around", "straight").with(LINE),
    example(RuleId::OPERATION_PROFILE, r#"{"resourceType":"OperationDefinition","name":"O","status":"draft",
        "kind":"operation","code":"o","system":true,"type":false,"instance":false,
        "inputProfile":"http://firing.test/StructureDefinition/operands","parameter":[{"name":"a","use":"in","min":§,
        "max":"1","type":"code"}]}"#, "0", "1").with(&[PROFILE]),
    example(RuleId::OPERATION_PROFILE, r#"{"resourceType":"OperationDefinition","name":"O","status":"draft",
        "kind":"operation","code":"o","system":true,"type":false,"instance":false,
        "inputProfile":"http://firing.test/StructureDefinition/operands","parameter":[{"name":"a","use":"in","min":1,
        "max":"1","type":"§"}]}"#, "string", "code").with(&[PROFILE]),
    example(RuleId::OPERATION_PARAMETER, operation!("http://hl7.org/fhir/StructureDefinition/§",
        r#""max":"1","type":"code""#), "Patient", "Parameters"),
    example(RuleId::OPERATION_PARAMETER, operation!("http://firing.test/StructureDefinition/operands",
        r#""max":"§","type":"code""#), "0", "2").with(&[PROFILE]),
    example(RuleId::OPERATION_PARAMETER, operation!("http://firing.test/StructureDefinition/operands",
        r#""max":"1","type":"§""#), "date", "string").with(&[PROFILE]),
    example(RuleId::OPERATION_PARAMETER, operation!("http://hl7.org/fhir/StructureDefinition/§",
        r#""max":"1","type":"code""#), "Nonsense", "Parameters"),
    example(RuleId::OPERATION_PARAMETER, operation!("http://firing.test/StructureDefinition/operands",
        r#""max":"1","type":"code"},{"name":"b","use":"§","min":0,"max":"1""#), "in", "out").with(&[PROFILE]),
    example(RuleId::OPERATION_PARAMETER, r#"{"resourceType":"OperationDefinition","url":"http://a.test/o","name":"O",
        "status":"draft","kind":"operation","code":"o","base":"http://a.test/§","system":true,"type":false,
        "instance":false}"#, "o", "p"),
];
