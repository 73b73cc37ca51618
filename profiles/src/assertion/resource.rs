//! Resources: their type, the profiles that they claim, their id and url.

use super::example::{Example, example};
use super::text::Describe;
use crate::definition::FhirVersion;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};
use crate::model::{TypeId, is_absolute_uri};
use crate::plan::Handle;
use crate::plan::rows::NONE;
use crate::release::resource_types;

/// The element that holds a resource allows its type. `demands`: the rows of that element.
pub fn allowed<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, type_id: TypeId, demands: &[Handle]) {
    let (set, model) = (j.set, j.model());
    for h in demands {
        let image = set.layer(h.layer);
        let Some(e) = image.element(h.row).filter(|e| e.parent != NONE) else { continue };
        let types = image.type_refs(e.types);
        let fits = types.is_empty()
            || types.iter().any(|t| model.find(image.str(t.code)).is_none_or(|w| model.is_a(type_id, w)));
        if !fits {
            j.error(RuleId::ELEMENT_TYPE, n, &[*h], || Detail::Text(model.type_name(type_id).to_owned()));
        }
    }
}

/// The url by which a definition is known is absolute (<https://hl7.org/fhir/R4/references.html#canonical>).
pub fn own_url<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let Some(url) = at.node.child(NameId::URL).filter(|u| u.has_value()) else { return };
    let model = j.model();
    let is_definition = model.names().find(b"experimental").is_some_and(|e| model.child(at.frame.type_id, e).is_some());
    let text = url.text();
    if is_definition && !text.is_empty() && !is_absolute_uri(&text) {
        j.error(RuleId::CANONICAL_ABSOLUTE, url, &[], || Detail::Text(text.into_owned()));
    }
}

/// The id of a resource is a plain string: it has no extensions (<https://hl7.org/fhir/R4/resource.html>).
pub fn plain_id<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let Some(id) = at.node.child(NameId::ID) else { return };
    if let Some(x) = id.primitive_extension().and_then(|t| t.child(NameId::EXTENSION)) {
        j.error(RuleId::EXTENSION_CONTEXT, id, &[], || {
            Detail::Text(x.child_text(NameId::URL).unwrap_or_default().into_owned())
        });
    }
}

/// An instance of another FHIR version often shows by its type.
fn unknown_type(name: &str, version: FhirVersion) -> String {
    let others = FhirVersion::ALL.into_iter().filter(|v| resource_types(*v).any(|known| known == name));
    let others: Vec<&str> = others.map(FhirVersion::name).collect();
    let own = version.name();
    match &*others {
        [] => format!("`{name}` is not a resource type in this FHIR version"),
        some => format!("`{name}` is not a resource type in FHIR {own}, but in {}", some.join(", ")),
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::RESOURCE_TYPE, |t| match t.given() {
        "" => "the resource has no type".into(),
        name => unknown_type(name, t.set.fhir_version()).into(),
    }),
    (RuleId::PROFILE_UNKNOWN, |t| format!("profile `{}` is not loaded, so it was not checked", t.given()).into()),
    (RuleId::PROFILE_TYPE, |t| format!("profile `{}` does not apply to this resource type", t.given()).into()),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::RESOURCE_TYPE, r#"{"resourceType":"§","active":true}"#, "Patiant", "Patient"),
    example(RuleId::PROFILE_UNKNOWN, r#"{"resourceType":"Patient","meta":{"profile":[
        "http://§/StructureDefinition/Patient"]}}"#, "a.test", "hl7.org/fhir"),
    example(RuleId::PROFILE_TYPE, r#"{"resourceType":"Patient","meta":{"profile":[
        "http://hl7.org/fhir/StructureDefinition/§"]}}"#, "Observation", "Patient"),
    example(RuleId::CANONICAL_ABSOLUTE, r#"{"resourceType":"ValueSet","status":"draft","url":"§"}"#, "v",
        "http://a.test/v"),
    example(RuleId::EXTENSION_CONTEXT, r#"{"resourceType":"Patient","id":"p","§":{"extension":[{"url":"http://a.test/a",
        "valueString":"a"}]}}"#, "_id", "_language"),
];
