//! Operation definitions: the profiles of their input and output are profiles of Parameters, and describe the same
//! parameters (<https://hl7.org/fhir/R4/operationdefinition-definitions.html#OperationDefinition.inputProfile>).

use rustc_hash::FxHashMap;

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::{named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};
use crate::model::Model;
use crate::plan::rows::{ElementRow, NONE};
use crate::plan::{Handle, Image};

/// Judges an OperationDefinition.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let set = j.set;
    for (name, direction) in [("inputProfile", "in"), ("outputProfile", "out")] {
        let Some(node) = named(at.node, name).find(|p| p.has_value()) else { continue };
        let canonical = node.text();
        let Some((handle, row)) = j.structure(&canonical).and_then(|h| Some((h, set.structure(h)?))) else { continue };
        let of = set.str(handle.layer, row.type_name);
        if of != "Parameters" {
            j.error(RuleId::OPERATION_PARAMETER, node, &[], || {
                Detail::Text(format!("`{canonical}` is a profile of `{of}`, not of `Parameters`"))
            });
            continue;
        }
        let Some(root) = set.root(handle) else { continue };
        let image = set.layer(handle.layer);
        let described = described(j, image, root);
        for p in named(at.node, "parameter").filter(|p| text(*p, "use").is_some_and(|u| u == direction)) {
            let Some(slice) = text(p, "name").and_then(|n| described.get(&*n).copied()) else { continue };
            for fault in faults(set.model(), image, p, slice) {
                j.error(RuleId::OPERATION_PARAMETER, p, &[], || Detail::Text(format!("{fault} in `{canonical}`")));
            }
        }
    }
}

/// The slices of `Parameters.parameter` by the name that they fix.
fn described<'e>(j: &Judge<'e, '_>, image: &'e Image, root: Handle) -> FxHashMap<&'e str, &'e ElementRow> {
    let parameter = j.set.element(root).and_then(|e| child(image, e, "parameter"));
    let first = parameter.and_then(|p| image.element(p.first_slice));
    let slices = std::iter::successors(first, |s| image.element(s.next_slice));
    let name_of = |s: &ElementRow| {
        let name = child(image, s, "name")?;
        let value = image.value(if name.fixed == NONE { name.pattern } else { name.fixed })?;
        Some(image.str(value.text))
    };
    slices.filter_map(|s| Some((name_of(s)?, s))).collect()
}

/// The child of an element with this last name in its id.
fn child<'e>(image: &'e Image, e: &ElementRow, name: &str) -> Option<&'e ElementRow> {
    let mut children = std::iter::successors(image.element(e.first_child), |c| image.element(c.next));
    children.find(|c| image.str(c.id).rsplit('.').next() == Some(name))
}

/// Where a parameter and the slice that describes it contradict each other: a profile may constrain further what the
/// parameter allows.
fn faults(model: &Model, image: &Image, p: Node<'_>, slice: &ElementRow) -> Vec<String> {
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
    let types: Vec<&str> = ["value[x]", "resource"]
        .into_iter()
        .filter_map(|name| child(image, slice, name).filter(|c| c.max > 0))
        .flat_map(|c| image.type_refs(c.types).iter().map(|t| image.str(t.code)))
        .collect();
    // Where values and resources are allowed alike, the profile says nothing of the type.
    let is_said = !types.is_empty() && types.len() < MANY && !types.contains(&"Resource");
    let fits = |own: &str| {
        let own = model.find(own);
        types.iter().any(|t| own.zip(model.find(t)).is_none_or(|(own, t)| model.is_a(t, own) || model.is_a(own, t)))
    };
    if let Some(own) = text(p, "type").filter(|own| is_said && !fits(own)) {
        out.push(format!("the type of parameter `{name}` is `{own}`, but {}", types.join(" or ")));
    }
    out
}

/// As many types as this are those of any value.
const MANY: usize = 20;

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::OPERATION_PARAMETER, |t| t.given().into())];

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

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::OPERATION_PARAMETER, operation!("http://hl7.org/fhir/StructureDefinition/§",
        r#""max":"1","type":"code""#), "Patient", "Parameters"),
    example(RuleId::OPERATION_PARAMETER, operation!("http://firing.test/StructureDefinition/operands",
        r#""max":"§","type":"code""#), "0", "2").with(&[PROFILE]),
    example(RuleId::OPERATION_PARAMETER, operation!("http://firing.test/StructureDefinition/operands",
        r#""max":"1","type":"§""#), "date", "string").with(&[PROFILE]),
];
