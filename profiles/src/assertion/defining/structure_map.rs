//! Maps between structures: the groups that rules call, the variables that they use, and the elements that they read
//! and write (<https://hl7.org/fhir/R4/structuremap.html>).
//!
//! Types are followed as far as the map and FHIR's own types tell them; what they do not tell is not asked.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::map_transform::transform;
use super::{named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place};
use crate::model::{ChildRow, TypeId};

const TYPES: &str = "http://hl7.org/fhir/StructureDefinition/";

/// What is known of a map while its rules are judged.
pub(super) struct Map<'t> {
    /// The types of the structures by their aliases; `None` of a structure that is no type of FHIR.
    aliases: FxHashMap<Cow<'t, str>, Option<TypeId>>,
    /// The groups by name, with how many inputs each has.
    groups: FxHashMap<Cow<'t, str>, usize>,
    imports: bool,
}

/// The variables in scope: by name the types, where they are known, of those that are called so, the inner ones last.
#[derive(Default)]
struct Scope<'t> {
    types: FxHashMap<Cow<'t, str>, Vec<Option<TypeId>>>,
    made: Vec<Cow<'t, str>>,
}

impl<'t> Scope<'t> {
    fn add(&mut self, name: Option<Cow<'t, str>>, ty: Option<TypeId>) {
        let Some(name) = name else { return };
        self.types.entry(name.clone()).or_default().push(ty);
        self.made.push(name);
    }

    /// Forgets the variables made after the first `count`.
    fn keep(&mut self, count: usize) {
        for name in self.made.drain(count..) {
            self.types.get_mut(&name).map(Vec::pop);
        }
    }

    /// The type of a variable; `None` where there is none of this name.
    fn get(&self, name: &str) -> Option<Option<TypeId>> {
        self.types.get(name)?.last().copied()
    }
}

/// Judges a StructureMap.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    let mut map = Map {
        aliases: FxHashMap::default(),
        groups: FxHashMap::default(),
        imports: named(n, "import").next().is_some(),
    };
    for structure in named(n, "structure") {
        let Some(url) = text(structure, "url") else { continue };
        let ty = url.strip_prefix(TYPES).and_then(|name| j.model().find(name));
        map.aliases.insert(
            text(structure, "alias").unwrap_or_else(|| url.rsplit('/').next().unwrap_or("").to_owned().into()),
            ty,
        );
    }
    for group in named(n, "group") {
        if let Some(name) = text(group, "name") {
            map.groups.insert(name, named(group, "input").count());
        }
    }
    named(n, "group").for_each(|group| self::group(j, &map, group));
}

fn group<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, group: Node<'t>) {
    let mut scope = Scope::default();
    let mut seen: FxHashSet<Cow<'_, str>> = FxHashSet::default();
    for input in named(group, "input") {
        let Some(name) = text(input, "name") else { continue };
        if !seen.insert(name.clone()) {
            j.error(RuleId::MAP_GROUP, input, &[], || Detail::Text(format!("the group has two inputs `{name}`")));
        }
        let ty = text(input, "type");
        let known = ty.as_deref().and_then(|ty| type_of(j, map, ty));
        if let Some(ty) = ty.filter(|ty| known.is_none() && !map.aliases.contains_key(ty) && !map.imports) {
            j.error(RuleId::MAP_GROUP, input, &[], || {
                Detail::Text(format!(
                    "input `{name}` has the type `{ty}`, which is neither an alias nor a type of FHIR"
                ))
            });
        }
        scope.add(Some(name), known);
    }
    named(group, "rule").for_each(|rule| self::rule(j, map, &mut scope, rule));
}

/// The type that a name in the map stands for: an alias, or a type of FHIR.
pub(super) fn type_of(j: &Judge<'_, '_>, map: &Map<'_>, name: &str) -> Option<TypeId> {
    match map.aliases.get(name) {
        Some(known) => *known,
        None => j.model().find(name),
    }
}

/// Judges a rule and those inside it; the variables that it makes end with it.
fn rule<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, scope: &mut Scope<'t>, rule: Node<'t>) {
    if !j.shared.visit() {
        j.limit(RuleId::LIMIT_VISITS, rule);
        return;
    }
    let outer = scope.made.len();
    for source in named(rule, "source") {
        let ty = read(j, map, scope, source);
        scope.add(text(source, "variable"), ty);
    }
    for target in named(rule, "target") {
        let ty = written(j, map, scope, target);
        transform(j, target, |name| scope.get(name).is_some());
        scope.add(text(target, "variable"), ty);
    }
    named(rule, "rule").for_each(|inner| self::rule(j, map, scope, inner));
    named(rule, "dependent").for_each(|dependent| called(j, map, scope, dependent));
    scope.keep(outer);
}

/// The type of the variable that a source or target refers to as its context; `None` where it is not known, which is
/// reported where there is no such variable.
fn context<'t>(j: &mut Judge<'_, 't>, scope: &Scope<'t>, node: Node<'t>) -> Option<TypeId> {
    let name = text(node, "context")?;
    let known = scope.get(&name);
    if known.is_none() {
        j.error(RuleId::MAP_VARIABLE, node, &[], || Detail::Text(name.into_owned()));
    }
    known?
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

/// The type of what a node reads or writes: that of its element, or of its context.
fn part<'t>(j: &mut Judge<'_, 't>, ty: Option<TypeId>, node: Node<'t>, stated: Option<&str>) -> Option<TypeId> {
    let ty = ty?;
    let Some(name) = text(node, "element") else { return Some(ty) };
    let found = elements(j, ty, &name)?;
    let set = j.set;
    let model = set.model();
    if found.is_empty() {
        // A choice may be named with its type, an expression is no name,
        // and maps read the value of a primitive by that name.
        let is_value = name == "value" && model.is_primitive(ty);
        let is_named = !is_value && name.bytes().all(|b| b.is_ascii_alphanumeric());
        if is_named && !model.children(ty).iter().any(|c| model.names().text(c.name) == name) {
            let of = model.type_name(ty);
            j.error(RuleId::MAP_ELEMENT, node, &[], || Detail::Text(format!("`{of}` has no element `{name}`")));
        }
        return None;
    }
    let Some(stated) = stated else {
        return if let [only] = *found { Some(only.type_id) } else { None };
    };
    let is_a = |t: TypeId| model.type_name(t) == stated || model.find(stated).is_some_and(|s| model.is_a(t, s));
    let one = found.iter().find(|c| is_a(c.type_id));
    let is_open = found.iter().any(|c| matches!(model.type_name(c.type_id), "Resource" | "DomainResource" | "Element"));
    if one.is_none() && !is_open && model.find(stated).is_some() {
        j.error(RuleId::MAP_ELEMENT, node, &[], || Detail::Text(format!("`{name}` does not have the type `{stated}`")));
    }
    one.map(|c| c.type_id)
}

fn read<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, scope: &Scope<'t>, source: Node<'t>) -> Option<TypeId> {
    let ty = context(j, scope, source);
    let stated = text(source, "type");
    if text(source, "element").is_none() {
        return stated.and_then(|name| type_of(j, map, &name)).or(ty);
    }
    part(j, ty, source, stated.as_deref())
}

fn written<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, scope: &Scope<'t>, target: Node<'t>) -> Option<TypeId> {
    let is_type = text(target, "contextType").is_some_and(|t| t == "type");
    let ty = match text(target, "context") {
        Some(name) if is_type => type_of(j, map, &name),
        _ => context(j, scope, target),
    };
    let creates = text(target, "transform").is_some_and(|t| t == "create");
    let first = named(target, "parameter").next();
    let made = first.filter(|_| creates).and_then(|p| text(p, "valueString"));
    let has_element = text(target, "element").is_some();
    let of_element = part(j, ty, target, None);
    match made {
        Some(name) => type_of(j, map, &name),
        None if has_element => of_element,
        // Without an element the variable holds what the transform gives.
        None => None,
    }
}

/// Judges the call of a group.
fn called<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, scope: &Scope<'t>, dependent: Node<'t>) {
    let Some(name) = text(dependent, "name") else { return };
    // Since R5 they are parameters, which may be constants (<https://hl7.org/fhir/R5/structuremap.html>).
    let given = named(dependent, "variable").count() + named(dependent, "parameter").count();
    for variable in named(dependent, "variable").filter(|v| v.has_value()) {
        if scope.get(&variable.text()).is_none() {
            j.error(RuleId::MAP_VARIABLE, variable, &[], || Detail::Text(variable.text().into_owned()));
        }
    }
    for variable in named(dependent, "parameter").filter_map(|p| text(p, "valueId")) {
        if scope.get(&variable).is_none() {
            j.error(RuleId::MAP_VARIABLE, dependent, &[], || Detail::Text(variable.into_owned()));
        }
    }
    match map.groups.get(&name) {
        Some(takes) if *takes == given => {}
        Some(takes) => j.error(RuleId::MAP_GROUP, dependent, &[], || {
            Detail::Text(format!("group `{name}` takes {takes} inputs, and is called with {given}"))
        }),
        None if map.imports => j.question(RuleId::MAP_GROUP, dependent, &[], || {
            Detail::Text(format!("group `{name}` is not in this map, and the imported ones were not searched"))
        }),
        None => j.error(RuleId::MAP_GROUP, dependent, &[], || {
            Detail::Text(format!("there is no group `{name}` in this map, and it imports none"))
        }),
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::MAP_GROUP, |t| t.given().into()),
    (RuleId::MAP_VARIABLE, |t| format!("there is no variable `{}` here", t.given()).into()),
    (RuleId::MAP_ELEMENT, |t| t.given().into()),
    (RuleId::MAP_TRANSFORM, |t| t.given().into()),
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
    example(RuleId::MAP_TRANSFORM, map!("", r#""source":[{"context":"src"}],"target":[{"context":"tgt",
        "contextType":"variable","element":"id","transform":"§","parameter":[{"valueString":"a"}]}]"#), "uuid",
            "copy"),
    example(RuleId::MAP_TRANSFORM, map!("", r#""source":[{"context":"src"}],"target":[{"context":"tgt",
        "contextType":"variable","element":"id","transform":"evaluate","parameter":[{"valueId":"src"},
        {"valueString":"id.§"}]}]"#), "first(", "first()"),
    example(RuleId::MAP_TRANSFORM, map!("", r#""source":[{"context":"src"}],"target":[{"context":"tgt",
        "contextType":"variable","element":"id","transform":"translate","parameter":[{"valueId":"src"},
        {"valueString":"http://a.test/cm"},{"valueString":"§"}]}]"#), "word", "code"),
];
