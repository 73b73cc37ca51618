//! Instances that break an invariant: found by changing what its expression names, a little at a time.

use serde_json::{Value, json};

use super::edit::{all_removed, put, replaced, within};
use super::ground::{Base, Ground};
use super::value::changed;
use super::words::{literals, names};
use crate::guide_test::element_id;
use crate::guide_test::place::{Step, Way, at};

/// How deep elements that an expression names are looked for below its context.
const DEPTH: usize = 6;
/// The most elements that are changed.
const MOST: usize = 32;

/// Mutants of an instance, those with one change first.
pub(super) fn broken(base: &Base<'_>, expression: &str, element: &str, ground: &Ground<'_>) -> Vec<Value> {
    let (words, texts) = (names(expression), literals(expression));
    let mut out = Vec::new();
    for way in base.ways {
        let Some(context) = at(base.root, way) else { continue };
        let mut named = Vec::new();
        below(context, way.clone(), &words, 0, &mut named);
        let mut all = named.clone();
        if !context.is_object() {
            all.push(way.clone());
        }
        for place in &all {
            out.extend(changed(base.root, place));
            let is_text = at(base.root, place).is_some_and(Value::is_string);
            out.extend(texts.iter().filter(|_| is_text).filter_map(|t| replaced(base.root, place, json!(t))));
            out.extend(doubled(base.root, place));
        }
        for (nth, one) in named.iter().enumerate() {
            let pairs = named.iter().skip(nth + 1).filter(|other| !other.starts_with(one));
            out.extend(pairs.filter_map(|other| all_removed(base.root, &[one.clone(), other.clone()])));
        }
        let outer: Vec<Way> =
            named.iter().filter(|w| !named.iter().any(|o| o != *w && w.starts_with(o))).cloned().collect();
        out.extend(all_removed(base.root, &outer));
        out.extend(absent(base.root, way, context, (&words, element), ground));
    }
    out
}

/// The members below a value that expressions name, a choice by its base.
fn below(value: &Value, way: Way, words: &[String], depth: usize, out: &mut Vec<Way>) {
    if depth > DEPTH || out.len() >= MOST {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter().filter(|(n, _)| *n != "resourceType") {
                let mut way = way.clone();
                way.push(Step::Member(name.clone()));
                if is_named(name, words) && !value.is_array() {
                    out.push(way.clone());
                }
                below(value, way, words, depth + 1, out);
            }
        }
        Value::Array(entries) => {
            let is_own = matches!(way.last(), Some(Step::Member(name)) if is_named(name, words));
            for (i, value) in entries.iter().enumerate() {
                let mut way = way.clone();
                way.push(Step::Entry(i));
                if is_own {
                    out.push(way.clone());
                }
                below(value, way, words, depth + 1, out);
            }
        }
        _ => {}
    }
}

fn is_named(member: &str, words: &[String]) -> bool {
    let is_choice = |word: &String| {
        member
            .strip_prefix(word.as_str())
            .is_some_and(|t| t.is_empty() || t.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    words.iter().any(is_choice)
}

/// An entry once more.
fn doubled(root: &Value, way: &[Step]) -> Option<Value> {
    let (list, Step::Entry(i)) = (way.get(..way.len().checked_sub(1)?)?, way.last()?) else { return None };
    let mut entries = at(root, list)?.as_array()?.clone();
    let again = entries.get(*i)?.clone();
    entries.push(again);
    replaced(root, list, entries.into())
}

/// What is named and not there: as examples have it, else a text, a switch and a concept.
fn absent(
    root: &Value,
    way: &[Step],
    context: &Value,
    (words, element): (&[String], &str),
    ground: &Ground<'_>,
) -> Vec<Value> {
    let mut out = Vec::new();
    let Some(members) = context.as_object() else { return out };
    let path = element_id::path(element);
    for word in words.iter().filter(|w| !members.keys().any(|k| is_named(k, std::slice::from_ref(*w)))).take(MOST) {
        let id = format!("{element}.{word}");
        let is_choice = ground.profile.element(&format!("{id}[x]")).is_some();
        let Some(definition) = ground.profile.element(&id).or_else(|| ground.profile.element(&format!("{id}[x]")))
        else {
            continue;
        };
        let is_list = definition.pointer("/base/max").and_then(Value::as_str) != Some("1");
        let types = definition.get("type").and_then(Value::as_array).into_iter().flatten();
        for kind in types.filter_map(|t| t.get("code")).filter_map(Value::as_str).take(4) {
            let name = if is_choice { crate::guide_test::place::choice(word, kind) } else { word.clone() };
            let value = ground.samples.at(&format!("{path}.{name}")).cloned();
            let value = value.unwrap_or_else(|| crate::guide_test::sample::of_type(kind));
            out.extend(within(root, way, |members| put(members, &name, value, is_list && !is_choice)));
        }
    }
    out
}
