//! Parameters resources: a parameter with a name that the specification's operations use has what they give it
//! (<https://hl7.org/fhir/R4/operationslist.html>). Other operations may use the name for something else, so this is a
//! note.

use super::example::{Example, example};
use super::questionnaire::{all_named, named, text_of};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};
use crate::model::Model;
use crate::release::operation_parameter;

/// Judges the parameters of a Parameters resource.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let version = j.set.fhir_version();
    for parameter in all_named(at.node, "parameter") {
        let Some(name) = text_of(parameter, "name") else { continue };
        let Some(allowed) = operation_parameter(version, &name).filter(|allowed| !allowed.contains(&"*")) else {
            continue;
        };
        let Some(found) = Found::of(j.model(), parameter) else { continue };
        if !found.is_allowed(j.model(), allowed) {
            j.find(RuleId::PARAMETER_TYPE, Weight::Note, parameter, &[], || {
                Detail::Text(format!("`{name}` is {}; there it is {}", found.told(), allowed.join(" or ")))
            });
        }
    }
}

/// What a parameter has.
enum Found<'m> {
    /// A value of this type, or a resource.
    Type(&'m str),
    Parts,
}

impl<'m> Found<'m> {
    /// `None` where it has nothing, or something that no type knows.
    fn of(model: &'m Model, parameter: Node<'_>) -> Option<Found<'m>> {
        let holder = model.type_of(parameter);
        let value = parameter.children().find_map(|c| {
            let row = model.child(holder, c.name())?;
            (model.names().text(row.choice_base) == "value").then(|| model.type_name(row.type_id))
        });
        let resource = || parameter.child(NameId::RESOURCE).map(|r| model.type_name(model.resource_type(r)));
        let parts = || named(parameter, "part").map(|_| Found::Parts);
        value.or_else(resource).filter(|name| !name.is_empty()).map(Found::Type).or_else(parts)
    }

    fn is_allowed(&self, model: &Model, allowed: &[&str]) -> bool {
        let Found::Type(own) = self else { return allowed.contains(&"part") };
        let Some(own) = model.find(own) else { return true };
        allowed.iter().any(|name| model.find(name).is_some_and(|wanted| model.is_a(own, wanted)))
    }

    fn told(&self) -> String {
        match self {
            Found::Type(name) => format!("of type {name} here"),
            Found::Parts => "made of parts here".to_owned(),
        }
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[(RuleId::PARAMETER_TYPE, |t| {
    format!("the parameter is not what the specification's operations have by this name: {}", t.given()).into()
})];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::PARAMETER_TYPE, r#"{"resourceType":"Parameters","parameter":[{"name":"coding",§}]}"#,
        r#""valueString":"x""#, r#""valueCoding":{"code":"x"}"#),
    example(RuleId::PARAMETER_TYPE, r#"{"resourceType":"Parameters","parameter":[{"name":"§",
        "resource":{"resourceType":"Patient"}}]}"#, "valueSet", "mine"),
];
