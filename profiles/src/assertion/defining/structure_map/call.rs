//! The calls of groups: there is such a group, it takes so many inputs, and what it is given is of their types
//! (<https://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.rule.dependent>).

use std::borrow::Cow;

use super::super::{named, text};
use super::scope::{Map, Scope, Side, Variable};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge};
use crate::model::{Model, TypeId};

/// The name that stands for the group that applies by the types of the variables, where a rule of the mapping language
/// names none.
const BY_TYPES: &str = "DefaultMappingGroupAnonymousAlias";

/// What a call gives to a group; without a name where it is a constant.
struct Given<'t> {
    at: Node<'t>,
    name: Option<Cow<'t, str>>,
}

/// Judges the call of a group.
pub fn check<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, scope: &Scope<'t>, dependent: Node<'t>) {
    let Some(name) = text(dependent, "name") else { return };
    let given = given(dependent);
    for variable in &given {
        if let Some(name) = variable.name.as_ref().filter(|name| scope.get(name, None).is_none()) {
            j.error(RuleId::MAP_VARIABLE, variable.at, &[], || Detail::Text(name.to_string()));
        }
    }
    let fault = match map.groups.get(&name) {
        Some(inputs) if inputs.len() == given.len() => return types(j, map, scope, &name, &given),
        Some(inputs) => {
            format!("group `{name}` takes {} inputs, and is called with {}", inputs.len(), given.len())
        }
        // The name of a rule may stand here, too.
        None if map.rules.contains(&name) => return,
        None if name == BY_TYPES && by_types(j, map, scope, &given).is_none() => return,
        None if map.imports => {
            return j.question(RuleId::MAP_GROUP, dependent, &[], || {
                Detail::Text(format!("group `{name}` is not in this map, and the imported ones were not searched"))
            });
        }
        None if name == BY_TYPES => by_types(j, map, scope, &given).unwrap_or_default(),
        None => format!("there is no group `{name}` in this map, and it imports none"),
    };
    j.error(RuleId::MAP_GROUP, dependent, &[], || Detail::Text(fault));
}

fn given<'t>(dependent: Node<'t>) -> Vec<Given<'t>> {
    let variables = named(dependent, "variable").map(|at| Given { at, name: at.has_value().then(|| at.text()) });
    // Since R5 they are parameters, which may be constants (<https://hl7.org/fhir/R5/structuremap.html>).
    let parameters = named(dependent, "parameter").map(|p| Given { at: dependent, name: text(p, "valueId") });
    variables.chain(parameters).collect()
}

/// What a call gives is of the types that the inputs of the group have.
fn types<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, scope: &Scope<'t>, group: &str, given: &[Given<'t>]) {
    let model = j.set.model();
    for (input, given) in map.groups.get(group).into_iter().flatten().zip(given) {
        let variable = given.name.as_ref().and_then(|name| scope.get(name, input.side));
        let (Some(Variable { ty: Some(has), .. }), Some(wants), Some(name)) = (variable, input.ty, &given.name) else {
            continue;
        };
        if is_apart(model, has, wants) {
            let (has, wants) = (model.type_name(has), model.type_name(wants));
            j.error(RuleId::MAP_GROUP, given.at, &[], || {
                let of = &input.name;
                Detail::Text(format!("input `{of}` of group `{group}` has the type {wants}, and `{name}` is {has}"))
            });
        }
    }
}

/// Whether nothing is of both types. Primitives are converted to one another.
fn is_apart(model: &Model, a: TypeId, b: TypeId) -> bool {
    let is_related = model.is_a(a, b) || model.is_a(b, a) || model.is_primitive(a) && model.is_primitive(b);
    !is_related
}

/// Why no group of the map can apply by the types of what it is given.
fn by_types(j: &Judge<'_, '_>, map: &Map<'_>, scope: &Scope<'_>, given: &[Given<'_>]) -> Option<String> {
    let model = j.set.model();
    let ty = |at: usize, side| {
        let name = given.get(at).and_then(|g| g.name.as_ref())?;
        scope.get(name, Some(side)).and_then(|v| v.ty)
    };
    let (from, to) = (ty(0, Side::Source), ty(1, Side::Target));
    // Primitives are copied.
    if from.zip(to).is_some_and(|(from, to)| model.is_primitive(from) && model.is_primitive(to)) {
        return None;
    }
    let fits = |a: Option<TypeId>, b: Option<TypeId>| a.zip(b).is_none_or(|(a, b)| !is_apart(model, a, b));
    if map.defaults.has((from, to), fits) {
        return None;
    }
    Some(match from.zip(to) {
        Some((from, to)) => {
            let (from, to) = (model.type_name(from), model.type_name(to));
            format!("no group of this map applies by its types from {from} to {to}, and it imports none")
        }
        None => "no group of this map applies by its types, and it imports none".to_owned(),
    })
}
