//! The facets of an ElementDefinition, one builder each.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::compiler::Compiler;
use super::errata;
use super::json::{contained_value_sets, text};
use super::writer::Writer;
use crate::instance::NameId;
use crate::model::type_name;
use crate::plan::rows::{
    BindingRow, CONSTRAINT_BEST_PRACTICE, CONSTRAINT_EMPTY_HOLDS, CONSTRAINT_MENDED, CONSTRAINT_WARNING, ConstraintRow,
    DiscriminatorRow, NONE, Run, SlicingRow, Str, TypeRefRow, ValueRow,
};
use crate::plan::{
    Aggregation, BindingStrength, DiscriminatorKind, ReferenceVersioning, Section, SlicingRules, ValueKind,
};
use crate::terminology::is_implicit;

/// The extensions of this name (the last part of their url).
pub fn extensions<'a>(v: &'a Value, name: &'a str) -> impl Iterator<Item = &'a Value> {
    let all = v["extension"].as_array().map_or(&[][..], |a| a);
    all.iter().filter(move |e| e["url"].as_str().is_some_and(|u| u.rsplit('/').next() == Some(name)))
}

/// Canonicals in any of the forms of the versions: a string, a list of them.
fn canonicals(v: &Value) -> Vec<&str> {
    match v {
        Value::String(s) => vec![s],
        Value::Array(a) => a.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The profiles of a type; of one that stands for an element inside it, `url#id of the element`
/// (<https://hl7.org/fhir/R4/extension-elementdefinition-profile-element.html>).
fn type_profiles(t: &Value) -> Vec<String> {
    let element = |i: usize| {
        t["_profile"]
            .get(i)
            .and_then(|x| extensions(x, "elementdefinition-profile-element").next())
            .and_then(|x| x["valueString"].as_str())
    };
    let named = |(i, url): (usize, &str)| element(i).map_or_else(|| url.to_owned(), |id| format!("{url}#{id}"));
    canonicals(&t["profile"]).into_iter().enumerate().map(named).collect()
}

/// The types of an element of the structure of this url; entries of one code stay apart.
pub fn types(w: &mut Writer, e: &Value, path: &str, is_resource: bool, url: &str) -> Run {
    let mut rows = Vec::new();
    for t in e["type"].as_array().map_or(&[][..], |a| a) {
        let code = type_name(t, path, is_resource);
        let places = canonicals(&t["aggregation"]).into_iter().map(|a| match a {
            "contained" => Aggregation::CONTAINED,
            "referenced" => Aggregation::REFERENCED,
            "bundled" => Aggregation::BUNDLED,
            _ => Aggregation::ANY,
        });
        let aggregation = places.fold(Aggregation::ANY, Aggregation::with).number();
        let versioning = match text(t, "versioning") {
            "independent" => ReferenceVersioning::Independent,
            "specific" => ReferenceVersioning::Specific,
            _ => ReferenceVersioning::Either,
        };
        let versioning = versioning.number();
        let profiles = type_profiles(t);
        let profiles = w.list(profiles.iter().map(String::as_str));
        // A target that the structure contains has a name outside it, too.
        let named = |target: &str| if target.starts_with('#') { format!("{url}{target}") } else { target.to_owned() };
        let targets: Vec<String> = canonicals(&t["targetProfile"]).into_iter().map(named).collect();
        let targets = w.list(targets.iter().map(String::as_str));
        rows.push(TypeRefRow { code: w.str(&code), profiles, targets, aggregation, versioning });
    }
    w.run(Section::TypeRefs, &rows)
}

/// The constraints that carry an expression, and those that are written in XPath only: they stay open.
pub fn constraints(c: &Compiler<'_>, w: &mut Writer, e: &Value) -> Run {
    let sd = c.current.borrow();
    let mut rows = Vec::new();
    for k in e["constraint"].as_array().map_or(&[][..], |a| a) {
        let expression = errata::expression(&sd, text(k, "expression"));
        // Without an expression a constraint is for people, but one in XPath is one that is not examined.
        if expression.is_empty() && text(k, "xpath").is_empty() {
            continue;
        }
        let mut flags = 0;
        if text(k, "severity") == "warning" {
            flags |= CONSTRAINT_WARNING;
        }
        if extensions(k, "elementdefinition-bestpractice").any(|x| x["valueBoolean"].as_bool() == Some(true)) {
            flags |= CONSTRAINT_BEST_PRACTICE;
        }
        if expression != text(k, "expression") {
            flags |= CONSTRAINT_MENDED;
        }
        if errata::empty_holds(expression) {
            flags |= CONSTRAINT_EMPTY_HOLDS;
        }
        let compiled = c.expression(w, expression);
        let row = ConstraintRow {
            key: w.str(text(k, "key")),
            expression: w.str(expression),
            source: w.str(text(k, "source")),
            flags,
            code: compiled.code,
            native: compiled.native,
            mask: compiled.mask,
        };
        let number = w.unique(Section::Constraints, &row);
        w.human(number, text(k, "human").trim());
        rows.push(number);
    }
    w.run(Section::Lists, &rows)
}

/// The slicing of an element, or none.
pub fn slicing(w: &mut Writer, e: &Value) -> u32 {
    let s = &e["slicing"];
    if !s.is_object() {
        return NONE;
    }
    let mut rows = Vec::new();
    for d in s["discriminator"].as_array().map_or(&[][..], |a| a) {
        let (kind, path) = (text(d, "type"), text(d, "path"));
        let kind = match kind {
            "value" => DiscriminatorKind::Value,
            "pattern" => DiscriminatorKind::Pattern,
            "exists" => DiscriminatorKind::Exists,
            "type" => DiscriminatorKind::Type,
            "profile" => DiscriminatorKind::Profile,
            "position" => DiscriminatorKind::Position,
            _ => DiscriminatorKind::Unknown,
        };
        rows.push(DiscriminatorRow { kind: kind.number(), path: w.str(path) });
    }
    let discriminators = w.run(Section::Discriminators, &rows);
    let rules = match text(s, "rules") {
        "closed" => SlicingRules::Closed,
        "openAtEnd" => SlicingRules::OpenAtEnd,
        _ => SlicingRules::Open,
    };
    let ordered = u32::from(s["ordered"].as_bool() == Some(true));
    w.unique(Section::Slicings, &SlicingRow { discriminators, rules: rules.number(), ordered })
}

/// The binding of an element, or none.
pub fn binding(c: &Compiler<'_>, w: &mut Writer, e: &Value) -> u32 {
    let b = &e["binding"];
    if !b.is_object() {
        return NONE;
    }
    let strength = match text(b, "strength") {
        "required" => BindingStrength::Required,
        "extensible" => BindingStrength::Extensible,
        "preferred" => BindingStrength::Preferred,
        _ => BindingStrength::Example,
    };
    let value_set = text(b, "valueSet");
    let mut bound = |name: &str| {
        let x = extensions(b, name).next();
        let url = x.and_then(|x| {
            ["valueCanonical", "valueUri"]
                .iter()
                .find_map(|k| x[*k].as_str())
                .or_else(|| x.pointer("/valueReference/reference").and_then(Value::as_str))
        });
        w.str(url.unwrap_or(""))
    };
    let (max, min) = (bound("elementdefinition-maxValueSet"), bound("elementdefinition-minValueSet"));
    let additional = additional(c, w, b);
    let name = value_set_name(c, value_set);
    let mut row = BindingRow { strength: strength.number(), value_set: w.str(&name), max, min, additional };
    errata::binding(e, value_set, &mut row);
    remember_implicit(c, w, &row);
    w.unique(Section::Bindings, &row)
}

/// The additional bindings that an instance can break: `required`, `extensible` and `maximum` ones that hold in every
/// context (<https://hl7.org/fhir/R5/elementdefinition-definitions.html#ElementDefinition.binding.additional>; before
/// R5
/// as an extension).
fn additional(c: &Compiler<'_>, w: &mut Writer, b: &Value) -> Run {
    let part =
        |x: &Value, name: &'static str, value: &str| extensions(x, name).next().map(|p| text(p, value).to_owned());
    let earlier =
        extensions(b, "additional-binding").chain(extensions(b, "extension-ElementDefinition.binding.additional"));
    let earlier = earlier
        .filter(|x| extensions(x, "usage").next().is_none())
        .filter_map(|x| Some((part(x, "purpose", "valueCode")?, part(x, "valueSet", "valueCanonical")?)));
    let named = b["additional"].as_array().map_or(&[][..], |a| a).iter().filter(|x| x.get("usage").is_none());
    let named = named.map(|x| (text(x, "purpose").to_owned(), text(x, "valueSet").to_owned()));
    let mut rows = Vec::new();
    for (purpose, value_set) in earlier.chain(named) {
        let value_set = w.str(&value_set);
        let (strength, value_set, max) = match purpose.as_str() {
            "required" => (BindingStrength::Required, value_set, Str::EMPTY),
            "extensible" => (BindingStrength::Extensible, value_set, Str::EMPTY),
            "maximum" => (BindingStrength::Example, Str::EMPTY, value_set),
            _ => continue,
        };
        let row =
            BindingRow { strength: strength.number(), value_set, max, min: Str::EMPTY, additional: Run::default() };
        remember_implicit(c, w, &row);
        rows.push(w.unique(Section::Bindings, &row));
    }
    w.run(Section::Lists, &rows)
}

fn remember_implicit(c: &Compiler<'_>, w: &Writer, row: &BindingRow) {
    let named = [row.value_set, row.max].map(|v| w.text(v));
    c.unlisted.borrow_mut().extend(named.into_iter().filter(|v| is_implicit(v)).map(|v| (v.to_owned(), None)));
}

/// The name of a bound value set: of one that is contained in the profile, the profile's url and its id.
fn value_set_name<'v>(c: &Compiler<'_>, value_set: &'v str) -> Cow<'v, str> {
    if !value_set.starts_with('#') {
        return Cow::Borrowed(value_set);
    }
    let sd = c.current.borrow();
    let wanted = format!("{}{value_set}", text(&sd, "url"));
    let Some((name, contained)) = contained_value_sets(&sd).find(|(name, _)| *name == wanted) else {
        return Cow::Borrowed(value_set);
    };
    c.unlisted.borrow_mut().insert(name.clone(), Some(contained.clone()));
    Cow::Owned(name)
}

/// Whether no extension may take the place of a value
/// (<https://hl7.org/fhir/R5/elementdefinition-definitions.html#ElementDefinition.mustHaveValue>; before R5 as an
/// extension).
pub fn must_have_value(e: &Value) -> bool {
    let mut earlier = extensions(e, "extension-ElementDefinition.mustHaveValue");
    e["mustHaveValue"].as_bool() == Some(true) || earlier.any(|x| x["valueBoolean"].as_bool() == Some(true))
}

/// The extensions of which one may take the place of a value
/// (<https://hl7.org/fhir/R5/elementdefinition-definitions.html#ElementDefinition.valueAlternatives>; before R5 as
/// extensions).
pub fn value_alternatives(w: &mut Writer, e: &Value) -> Run {
    let earlier = extensions(e, "extension-ElementDefinition.valueAlternatives")
        .filter_map(|x| ["valueCanonical", "valueUri"].iter().find_map(|k| x[*k].as_str()));
    w.list(canonicals(&e["valueAlternatives"]).into_iter().chain(earlier))
}

/// What systems have to do with the element: the code of each obligation, its actors, and the element it is about.
pub fn obligations(w: &mut Writer, e: &Value) -> Run {
    let mut texts = Vec::new();
    for x in extensions(e, "obligation") {
        let values = |name: &'static str| {
            let all = extensions(x, name).filter_map(|p| {
                let mut members = p.as_object()?.iter().filter(|(key, _)| key.starts_with("value"));
                members.next().and_then(|(_, v)| v.as_str())
            });
            all.collect::<Vec<_>>().join(" ")
        };
        let parts = [values("code"), values("actor"), values("elementId")];
        texts.push(parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" "));
    }
    w.list(texts.iter().map(String::as_str))
}

/// The extensions of an ElementDefinition that demand something of a node
/// (<https://hl7.org/fhir/extensions/extension-registry.html>).
const CONTROLS: [&str; 5] =
    ["narrative-source-control", "narrative-language-control", "maxDecimalPlaces", "maxSize", "regex"];

/// What extensions demand of the node, each as its name and its value.
pub fn controls(w: &mut Writer, e: &Value) -> Run {
    let value = |x: &Value| {
        let (_, v) = x.as_object()?.iter().find(|(key, _)| key.starts_with("value"))?;
        Some(v.as_str().map_or_else(|| v.to_string(), str::to_owned))
    };
    let all = CONTROLS.into_iter().flat_map(|name| {
        extensions(e, name).filter_map(move |x| Some(format!("{name} {}", value(x)?))).collect::<Vec<_>>()
    });
    let all: Vec<String> = all.collect();
    w.list(all.iter().map(String::as_str))
}

/// The root row of `fixed[x]`, `pattern[x]`, `minValue[x]` …, or none.
pub fn value(c: &Compiler<'_>, w: &mut Writer, e: &Value, choice_base: &str) -> u32 {
    let Some((key, v)) = e.as_object().and_then(|o| {
        o.iter()
            .find(|(k, _)| k.strip_prefix(choice_base).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_uppercase())))
    }) else {
        return NONE;
    };
    let type_name = w.str(&key[choice_base.len()..]);
    tree(c, w, (NameId::NONE, type_name), v, e.get(format!("_{key}")))
}

/// The rows of a value and all below it. Below a primitive are the members of its primitive extension; a primitive that
/// has only a primitive extension is an object.
fn tree(
    c: &Compiler<'_>,
    w: &mut Writer,
    (name, type_name): (NameId, Str),
    v: &Value,
    primitive_extension: Option<&Value>,
) -> u32 {
    let (kind, text) = match v {
        Value::String(s) => (ValueKind::String, w.str(s)),
        Value::Number(n) => (ValueKind::Number, w.str(&n.to_string())),
        Value::Bool(true) => (ValueKind::True, w.str("true")),
        Value::Bool(false) => (ValueKind::False, w.str("false")),
        _ => (ValueKind::Object, Str::EMPTY),
    };
    let kind = kind.number();
    let number = w.row(Section::Values, &ValueRow { name, kind, text, first_child: NONE, next: NONE, type_name });
    let mut first = NONE;
    let mut last: Option<(u32, ValueRow)> = None;
    for (key, entry, primitive_extension) in
        v.as_object().or_else(|| primitive_extension?.as_object()).into_iter().flat_map(members)
    {
        let Some(name) = c.model.names().find(key.as_bytes()) else { continue };
        let at = tree(c, w, (name, Str::EMPTY), entry, primitive_extension);
        match last.take() {
            None => first = at,
            Some((n, mut row)) => {
                row.next = at;
                w.set(Section::Values, n, &row);
            }
        }
        last = w.get::<ValueRow>(Section::Values, at).map(|r| (at, r));
    }
    w.set(Section::Values, number, &ValueRow { name, kind, text, first_child: first, next: NONE, type_name });
    number
}

/// The members of an object, each entry of an array separately, with its primitive extension. Either of the two may be
/// missing.
fn members(object: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value, Option<&Value>)> {
    let own = object
        .iter()
        .filter(|(key, _)| !key.starts_with('_'))
        .map(|(key, v)| (key.as_str(), Some(v), object.get(&format!("_{key}"))));
    let alone = object
        .iter()
        .filter_map(|(key, primitive_extension)| Some((key.strip_prefix('_')?, None, Some(primitive_extension))))
        .filter(|(key, ..)| !object.contains_key(*key));
    own.chain(alone).flat_map(|(key, v, primitive_extension)| {
        let entries = |v: &'_ Value| v.as_array().map_or(1, Vec::len);
        let count = v.map_or(0, entries).max(primitive_extension.map_or(0, entries));
        (0..count).filter_map(move |i| {
            let (v, primitive_extension) = (nth(v, i), nth(primitive_extension, i));
            (v.is_some() || primitive_extension.is_some()).then_some((
                key,
                v.unwrap_or(&Value::Null),
                primitive_extension,
            ))
        })
    })
}

/// The entry of an array, or the one value; `None` where nothing, or null, stands there.
fn nth(v: Option<&Value>, i: usize) -> Option<&Value> {
    match v? {
        Value::Array(all) => all.get(i),
        one => Some(one).filter(|_| i == 0),
    }
    .filter(|v| !v.is_null())
}
