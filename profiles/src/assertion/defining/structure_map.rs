//! Maps between structures: the groups that rules call, the variables that they use, and the elements that they read
//! and write (<https://hl7.org/fhir/R4/structuremap.html>).
//!
//! Types are followed as far as the map and FHIR's own types tell them; what they do not tell is not asked.

mod call;
mod doubt;
mod scope;

use rustc_hash::FxHashSet;

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::map_transform::transform;
use super::{named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};
use crate::model::{ChildRow, TypeId};
use scope::{Map, Scope, Side, Variable};

/// Judges a StructureMap.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    let map = Map::new(j, n);
    doubt::loaded(j, n);
    let mut seen = FxHashSet::default();
    for group in named(n, "group") {
        if let Some(name) = text(group, "name").filter(|name| !seen.insert(name.clone())) {
            j.error(RuleId::MAP_GROUP, group, &[], || Detail::Text(format!("the map has two groups `{name}`")));
        }
        self::group(j, &map, group);
    }
}

fn group<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, group: Node<'t>) {
    let mut scope = Scope::default();
    let mut seen = FxHashSet::default();
    for input in named(group, "input") {
        doubt::input(j, map, group, input);
        let Some(name) = text(input, "name") else { continue };
        if !seen.insert(name.clone()) {
            j.error(RuleId::MAP_GROUP, input, &[], || Detail::Text(format!("the group has two inputs `{name}`")));
        }
        let side = Side::of(text(input, "mode").as_deref());
        let ty = text(input, "type");
        let known = ty.as_deref().and_then(|ty| map.type_of(j, ty, side));
        if let Some(ty) = ty.filter(|ty| known.is_none() && !map.is_alias(ty) && !map.imports) {
            j.error(RuleId::MAP_GROUP, input, &[], || {
                Detail::Text(format!(
                    "input `{name}` has the type `{ty}`, which is neither an alias nor a type of FHIR"
                ))
            });
        }
        scope.add(Some(name), side, known);
    }
    named(group, "rule").for_each(|rule| self::rule(j, map, &mut scope, rule));
}

/// Judges a rule and those inside it; the variables that it makes end with it.
fn rule<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, scope: &mut Scope<'t>, rule: Node<'t>) {
    if !j.step(rule) {
        return;
    }
    let outer = scope.count();
    for source in named(rule, "source") {
        let ty = read(j, map, scope, source);
        scope.add(text(source, "variable"), Some(Side::Source), ty);
    }
    for target in named(rule, "target") {
        let ty = written(j, map, scope, target);
        transform(j, target, |name| scope.get(name, None).is_some());
        scope.add(text(target, "variable"), Some(Side::Target), ty);
    }
    named(rule, "rule").for_each(|inner| self::rule(j, map, scope, inner));
    named(rule, "dependent").for_each(|dependent| call::check(j, map, scope, dependent));
    scope.keep(outer);
}

/// The type of the variable that a source or target refers to as its context; `None` where it is not known, which is
/// reported where there is no such variable.
fn context<'t>(j: &mut Judge<'_, 't>, scope: &Scope<'t>, node: Node<'t>, side: Side) -> Option<TypeId> {
    let name = text(node, "context")?;
    let known = scope.get(&name, Some(side));
    if known.is_none() {
        j.error(RuleId::MAP_VARIABLE, node, &[], || Detail::Text(name.into_owned()));
    }
    let Variable { ty, .. } = known?;
    ty
}

/// The elements of a type by the name that a map gives them: of a choice one for each of its types. `None`: the type
/// says nothing of its elements.
fn elements<'e>(j: &Judge<'e, '_>, ty: TypeId, name: &str) -> Option<Vec<&'e ChildRow>> {
    let model = j.set.model();
    // An abstract type stands for any of those that are derived from it.
    if matches!(
        model.type_name(ty),
        "Resource" | "DomainResource" | "Element" | "BackboneElement" | "DataType" | "Base"
    ) {
        return None;
    }
    let of_name = |c: &&ChildRow| model.names().text(c.choice_base) == name;
    Some(model.children(ty).iter().filter(of_name).collect())
}

/// The elements that a node reads or writes: one for each type of a choice. A name that its type does not have is
/// reported.
fn part<'e, 't>(j: &mut Judge<'e, 't>, ty: TypeId, node: Node<'t>, name: &str) -> Vec<&'e ChildRow> {
    let found = elements(j, ty, name).unwrap_or_default();
    let set = j.set;
    let model = set.model();
    if found.is_empty() && elements(j, ty, name).is_some() {
        // A choice may be named with its type, an expression is no name,
        // and maps read the value of a primitive by that name.
        let is_value = name == "value" && model.is_primitive(ty);
        let is_named = !is_value && name.bytes().all(|b| b.is_ascii_alphanumeric());
        if is_named && !model.children(ty).iter().any(|c| model.names().text(c.name) == name) {
            let of = model.type_name(ty);
            j.error(RuleId::MAP_ELEMENT, node, &[], || Detail::Text(format!("`{of}` has no element `{name}`")));
        }
    }
    found
}

/// The type of a source's element, as it is stated where it is.
fn stated<'t>(j: &mut Judge<'_, 't>, found: &[&ChildRow], node: Node<'t>, stated: &str) -> Option<TypeId> {
    let model = j.set.model();
    let is_a = |t: TypeId| model.type_name(t) == stated || model.find(stated).is_some_and(|s| model.is_a(t, s));
    let one = found.iter().find(|c| is_a(c.type_id));
    let is_open = found.iter().any(|c| matches!(model.type_name(c.type_id), "Resource" | "DomainResource" | "Element"));
    if one.is_none() && !is_open && !found.is_empty() && model.find(stated).is_some() {
        let name = text(node, "element").unwrap_or_default();
        j.error(RuleId::MAP_ELEMENT, node, &[], || Detail::Text(format!("`{name}` does not have the type `{stated}`")));
    }
    one.map(|c| c.type_id)
}

fn only(found: &[&ChildRow]) -> Option<TypeId> {
    if let [only] = found { Some(only.type_id) } else { None }
}

fn read<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, scope: &Scope<'t>, source: Node<'t>) -> Option<TypeId> {
    let ty = context(j, scope, source, Side::Source);
    let of_type = text(source, "type");
    let Some(name) = text(source, "element") else {
        return of_type.and_then(|name| map.type_of(j, &name, Some(Side::Source))).or(ty);
    };
    let found = part(j, ty?, source, &name);
    if let Some(row) = found.first() {
        doubt::limits(j, source, row);
    }
    match of_type {
        Some(name) => stated(j, &found, source, &name),
        None => only(&found),
    }
}

fn written<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, scope: &Scope<'t>, target: Node<'t>) -> Option<TypeId> {
    let is_type = text(target, "contextType").is_some_and(|t| t == "type");
    let ty = match text(target, "context") {
        Some(name) if is_type => map.type_of(j, &name, Some(Side::Target)),
        _ => context(j, scope, target, Side::Target),
    };
    let element = text(target, "element");
    let found = match (ty, &element) {
        (Some(ty), Some(name)) => part(j, ty, target, name),
        _ => Vec::new(),
    };
    doubt::list(j, target, &found);
    doubt::created(j, map, target, &found);
    let creates = text(target, "transform").is_some_and(|t| t == "create");
    let first = named(target, "parameter").next();
    match first.filter(|_| creates).and_then(|p| text(p, "valueString")) {
        Some(name) => map.type_of(j, &name, Some(Side::Target)),
        // Without an element the variable holds what the transform gives.
        None => only(&found),
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::MAP_GROUP, |t| t.given().into()),
    (RuleId::MAP_VARIABLE, |t| format!("there is no variable `{}` here", t.given()).into()),
    (RuleId::MAP_ELEMENT, |t| t.given().into()),
    (RuleId::MAP_TRANSFORM, |t| t.given().into()),
    (RuleId::MAP_DOUBTFUL, |t| t.given().into()),
];

/// A map from Patient to Person with these members and this rule.
macro_rules! map {
    ($members:literal, $rule:literal) => {
        concat!(
            r#"{"resourceType":"StructureMap","url":"http://a.test/m","name":"M","status":"draft","structure":[
            {"url":"http://hl7.org/fhir/StructureDefinition/Patient","mode":"source"},
            {"url":"http://hl7.org/fhir/StructureDefinition/Person","mode":"target","alias":"P"}],"#,
            $members,
            r#""group":[{"name":"g","typeMode":"none","input":[{"name":"src","type":"Patient","mode":"source"},
            {"name":"tgt","type":"P","mode":"target"}],"rule":[{"name":"r","#,
            $rule,
            "}]}]}"
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::MAP_VARIABLE, map!("", r#""source":[{"context":"§"}]"#), "scr", "src"),
    // The variables of a rule end with it, and those of the rules around it are known inside.
    example(RuleId::MAP_VARIABLE, map!("", r#""source":[{"context":"src","element":"name","variable":"n"}],
        "rule":[{"name":"s","source":[{"context":"§","element":"family"}]}]"#), "m", "n"),
    example(RuleId::MAP_VARIABLE, map!("", r#""source":[{"context":"src","element":"gender","variable":"v"}],
        "target":[{"context":"tgt","contextType":"variable","element":"gender","transform":"copy",
        "parameter":[{"valueId":"§"}]}]"#), "w", "v"),
    example(RuleId::MAP_ELEMENT, map!("", r#""source":[{"context":"src","element":"§"}]"#), "birthday", "birthDate"),
    example(RuleId::MAP_ELEMENT, map!("", r#""source":[{"context":"src","element":"name","variable":"n"}],
        "rule":[{"name":"s","source":[{"context":"n","element":"§"}]}]"#), "surname", "family"),
    example(RuleId::MAP_ELEMENT, map!("", r#""source":[{"context":"src","element":"deceased","type":"§"}]"#), "string",
        "boolean"),
    example(RuleId::MAP_ELEMENT, map!("", r#""source":[{"context":"src"}],"target":[{"context":"tgt",
        "contextType":"variable","element":"§","transform":"uuid"}]"#), "contact", "id"),
    example(RuleId::MAP_GROUP, map!("", r#""source":[{"context":"src"}],"dependent":[{"name":"§",
        "variable":["src","tgt"]}]"#), "h", "g"),
    example(RuleId::MAP_GROUP, map!("", r#""source":[{"context":"src"}],"dependent":[{"name":"g",
        "variable":["src"§]}]"#), "", r#","tgt""#),
    example(RuleId::MAP_TRANSFORM, map!("", r#""source":[{"context":"src"}],"target":[{"transform":"create",
        "variable":"v","parameter":[{"valueString":"§"}]}]"#), "Persona", "Person"),
    example(RuleId::MAP_TRANSFORM, map!("", r#""source":[{"context":"src"}],"target":[{"context":"tgt",
        "contextType":"variable","element":"id","transform":"§","parameter":[{"valueString":"a"}]}]"#), "uuid",
            "copy"),
    example(RuleId::MAP_TRANSFORM, map!("", r#""source":[{"context":"src"}],"target":[{"context":"tgt",
        "contextType":"variable","element":"id","transform":"evaluate","parameter":[{"valueId":"src"},
        {"valueString":"id.§"}]}]"#), "first(", "first()"),
    example(RuleId::MAP_TRANSFORM, map!("", r#""source":[{"context":"src"}],"target":[{"context":"tgt",
        "contextType":"variable","element":"id","transform":"translate","parameter":[{"valueId":"src"},
        {"valueString":"http://a.test/cm"},{"valueString":"§"}]}]"#), "word", "code"),
    example(RuleId::MAP_GROUP, map!("", r#""source":[{"context":"src","element":"§","variable":"v"}],
        "dependent":[{"name":"g","variable":["v","tgt"]}]"#), "name", "contained"),
    example(RuleId::MAP_DOUBTFUL, map!(r#""import":["http://a.test/§"],"#, r#""source":[{"context":"src"}]"#), "n",
        "*"),
    example(RuleId::MAP_DOUBTFUL, map!("", r#""source":[{"context":"src","element":"name","max":"1"}],
        "target":[{"context":"tgt","contextType":"variable","element":"§","transform":"create","listMode":["first"],
        "variable":"v"}]"#), "photo", "name"),
    example(RuleId::MAP_DOUBTFUL, map!("", r#""source":[{"context":"src","element":"birthDate","max":"§"}]"#), "2",
        "1"),
    example(RuleId::MAP_DOUBTFUL, map!("", r#""source":[{"context":"src"}],"target":[{"context":"tgt",
        "contextType":"variable","element":"name","listMode":["§"],"listRuleId":"a","transform":"create",
        "variable":"v"}]"#), "first", "share"),
];
