//! An envelope against the table of its format. It is read once; the resources in it are handed back.

use super::Envelope;
use super::model::{Condition, Members, Shape, Text, Then};
use crate::definition::FhirVersion;
use crate::instance::{Kind, NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge};
use crate::model::{Primitive, is_absolute_uri};

/// Holds an envelope against its format, and returns the resources in it, in the order of the text.
pub fn check<'t>(j: &mut Judge<'_, 't>, root: Node<'t>, kind: Envelope) -> Vec<Node<'t>> {
    super::told(j, root, kind);
    let mut resources = Vec::new();
    object(j, root, kind.members(), &mut resources);
    resources
}

fn wrong<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, why: impl Into<String>) {
    let why = why.into();
    j.error(RuleId::ENVELOPE_VALUE, n, &[], || Detail::Text(why));
}

fn named<'t>(n: Node<'t>, name: &str) -> Option<Node<'t>> {
    n.children().find(|c| c.name_text() == name)
}

fn object<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, members: &Members, out: &mut Vec<Node<'t>>) {
    for child in n.children() {
        match members.all.iter().find(|m| m.name == child.name_text()) {
            Some(member) => one(j, child, &member.shape, out),
            None => j.error(RuleId::ENVELOPE_UNKNOWN, child, &[], || Detail::None),
        }
    }
    let missing = |j: &mut Judge<'_, 't>, why: String| {
        j.error(RuleId::ENVELOPE_MEMBER, n, &[], || Detail::Text(why));
    };
    for member in members.all.iter().filter(|m| m.required && named(n, m.name).is_none()) {
        missing(j, format!("`{}` is missing", member.name));
    }
    for condition in members.conditions {
        if let Some(why) = broken(n, condition) {
            missing(j, why);
        }
    }
}

/// What a condition finds missing or too much; `None` where it holds.
fn broken(n: Node<'_>, condition: &Condition) -> Option<String> {
    let Condition { when, is, then } = condition;
    let value = named(n, when)?;
    if !is.is_empty() && !is.contains(&&*value.text()) {
        return None;
    }
    let cause = if is.is_empty() { format!("`{when}`") } else { format!("`{when}` `{}`", value.text()) };
    match then {
        Then::Needs(other) if named(n, other).is_none() => Some(format!("{cause} needs `{other}`, which is missing")),
        Then::Forbids(other) if named(n, other).is_some() => Some(format!("{cause} does not go with `{other}`")),
        _ => None,
    }
}

/// A member's value, or one entry of its array.
fn one<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, shape: &Shape, out: &mut Vec<Node<'t>>) {
    match shape {
        Shape::Any => resources_in(n, out),
        Shape::Listing(wanted) => {
            let mut all = n.parent().into_iter().flat_map(|p| p.children_named(n.name()));
            if n.is_first() && !all.any(|entry| entry.in_array() && entry.text() == *wanted) {
                wrong(j, n, format!("is not an array with `{wanted}`"));
            }
            if n.in_array() {
                single(j, n, &Shape::Text(Text::Any), out);
            }
        }
        Shape::List(of) => match n.kind() {
            Kind::EmptyArray => {}
            _ if n.in_array() => single(j, n, of, out),
            _ => wrong(j, n, "is not an array"),
        },
        Shape::OneOrList(of) => single(j, n, of, out),
        Shape::By(member, cases, other) => {
            let chosen = n.parent().and_then(|p| named(p, member)).map(|c| c.text());
            let case = cases.iter().find(|(name, _)| chosen.as_deref() == Some(*name));
            one(j, n, case.map_or(other, |(_, shape)| shape), out);
        }
        _ if n.in_array() || n.kind() == Kind::EmptyArray => {
            if n.is_first() {
                wrong(j, n, "is an array, and may not be");
            }
        }
        other => single(j, n, other, out),
    }
}

/// A value by itself.
fn single<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, shape: &Shape, out: &mut Vec<Node<'t>>) {
    match (shape, n.kind()) {
        (Shape::OrNull(_), Kind::Null) | (Shape::Boolean, Kind::True | Kind::False) => {}
        (Shape::OrNull(of), _) => single(j, n, of, out),
        (Shape::Object(members), Kind::Object) => object(j, n, members, out),
        (Shape::Map(of), Kind::Object) => n.children().for_each(|c| one(j, c, of, out)),
        (Shape::Resource(types), Kind::Object) => {
            let type_id = j.model().resource_type(n);
            if !types.is_empty() && type_id.is_known() && !types.contains(&j.model().type_name(type_id)) {
                wrong(j, n, format!("is not a resource of type {}", types.join(" or ")));
            }
            out.push(n);
        }
        (Shape::Text(Text::FhirVersion), Kind::String) => of_version(j, n),
        (Shape::Text(text), Kind::String) => {
            if let Some(why) = fault(*text, &n.text()) {
                wrong(j, n, why);
            }
        }
        (Shape::Number, Kind::Number) => {}
        (Shape::Integer, Kind::Number) if n.raw().bytes().all(|b| b.is_ascii_digit() || b == b'-') => {}
        (shape, _) => wrong(j, n, format!("is not {}", expected(shape))),
    }
}

/// The resources in JSON of which nothing is demanded; what is in one of them is judged with it.
fn resources_in<'t>(n: Node<'t>, out: &mut Vec<Node<'t>>) {
    let mut open = vec![n];
    while let Some(n) = open.pop().filter(|n| n.is_object()) {
        match n.child(NameId::RESOURCE_TYPE) {
            Some(_) => out.push(n),
            None => open.extend(n.children().filter(|c| c.is_object())),
        }
    }
}

/// The resources are of the FHIR version that is loaded.
fn of_version<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let (stated, own) = (n.text(), j.set.fhir_version());
    if FhirVersion::parse(&stated) != Some(own) {
        j.question(RuleId::ENVELOPE_UNCHECKED, n, &[], || {
            Detail::Text(format!("the card is of FHIR `{stated}`, and was judged by FHIR {}", own.name()))
        });
    }
}

fn expected(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text(_) => "a string",
        Shape::Boolean => "true or false",
        Shape::Integer => "a whole number",
        Shape::Number => "a number",
        Shape::Resource(_) => "a resource",
        _ => "an object",
    }
}

/// What is wrong with a string; `None` where nothing is.
fn fault(text: Text, value: &str) -> Option<String> {
    match text {
        Text::UpTo(most) => {
            let long = value.chars().count();
            (long > most).then(|| format!("has {long} characters; at most {most} are allowed"))
        }
        _ if value.trim().is_empty() => Some("is empty".to_owned()),
        Text::Any | Text::FhirVersion => None,
        Text::Code(codes) => (!codes.contains(&value)).then(|| format!("is `{value}`; allowed: {}", codes.join(", "))),
        Text::Url => (!is_absolute_uri(value)).then(|| format!("`{value}` is not an absolute URL")),
        Text::HttpsBase if !value.starts_with("https://") => Some(format!("`{value}` does not begin with https://")),
        Text::HttpsBase => value.ends_with('/').then(|| format!("`{value}` ends with a slash")),
        Text::Uuid => Primitive::Uuid
            .check(&format!("urn:uuid:{}", value.to_ascii_lowercase()))
            .is_err()
            .then(|| format!("`{value}` is not a UUID")),
        Text::Id => Primitive::Id.check(value).is_err().then(|| format!("`{value}` is not the id of a resource")),
        Text::Reference(types) => reference(types, value),
        Text::Signature => {
            let part = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
            let well_formed = value.split('.').count() == 3 && value.split('.').all(part);
            (!well_formed).then(|| "is not a JSON Web Signature in its compact form".to_owned())
        }
        Text::Instant => {
            Primitive::Instant.check(value).is_err().then(|| format!("`{value}` is not a date and time with an offset"))
        }
    }
}

/// What is wrong with a relative reference, `Type/id`.
fn reference(types: &[&str], value: &str) -> Option<String> {
    let (of, id) = value.split_once('/').unwrap_or((value, ""));
    if Primitive::Id.check(id).is_err() || !of.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Some(format!("`{value}` is not a reference of the form Type/id"));
    }
    let fits = types.is_empty() || types.contains(&of);
    (!fits).then(|| format!("`{value}` refers to none of {}", types.join(", ")))
}
