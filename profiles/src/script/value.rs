//! Values on their way between FHIRPath, JSON and scripts. Numbers stay exact: a script's decimals are decimals.

use std::rc::Rc;

use rhai::{Array, Dynamic, INT, Map};
use serde_json::Value;

use super::host::NodeRef;
use crate::decimal::{self, Decimal};
use crate::fhirpath::{Collection, Item, Quantity, Typing};
use crate::instance::{Node, Tape};
use crate::model::TypeId;

/// An item as a script sees it; `None` for an open question. Primitive elements are their values, other elements nodes,
/// dates and times texts, quantities maps of `value` and `unit`.
pub(super) fn dynamic<'t>(item: &Item<'t>, typing: &Typing<'t>) -> Option<Dynamic> {
    Some(match item {
        Item::Unknown(_) => return None,
        Item::Node(node, t) if node.has_value() => match typing.value(*node, *t) {
            Ok(Some(value)) => return dynamic(&value, typing),
            Ok(None) => node_ref(*node, *t),
            Err(_) => return None,
        },
        Item::Node(node, t) => node_ref(*node, *t),
        Item::Bool(b) => Dynamic::from(*b),
        Item::Integer(n) | Item::Long(n) => Dynamic::from(*n as INT),
        Item::Decimal(d) => Dynamic::from_decimal(*d),
        Item::Quantity(q) => quantity(q),
        Item::Str(_) | Item::Text(_) | Item::Temporal(_) | Item::Type(_) => {
            Dynamic::from(item.string(typing).unwrap_or_default())
        }
    })
}

fn node_ref(node: Node<'_>, type_id: TypeId) -> Dynamic {
    Dynamic::from(NodeRef { index: node.index(), type_id })
}

fn quantity(q: &Quantity) -> Dynamic {
    let mut map = Map::new();
    map.insert("value".into(), Dynamic::from_decimal(q.value));
    map.insert("unit".into(), Dynamic::from(q.unit.to_string()));
    Dynamic::from_map(map)
}

/// The value of a node: that of a primitive, the quantity of a Quantity; `()` for any other. `None` for a value that
/// its type does not allow.
pub(super) fn value_of<'t>(node: Node<'t>, type_id: TypeId, typing: &Typing<'t>) -> Option<Dynamic> {
    match typing.value(node, type_id) {
        Ok(Some(value)) => dynamic(&value, typing),
        Ok(None) => Some(Dynamic::UNIT),
        Err(_) => None,
    }
}

/// An argument of a function: `()` for nothing, one value for itself, several as an array. `None` with an open question
/// in it.
pub(super) fn argument<'t>(items: &[Item<'t>], typing: &Typing<'t>) -> Option<Dynamic> {
    let mut all = items.iter().map(|i| dynamic(i, typing)).collect::<Option<Array>>()?;
    Some(match all.len() {
        0 => Dynamic::UNIT,
        1 => all.pop().unwrap_or_default(),
        _ => Dynamic::from_array(all),
    })
}

/// What a script's function gives, as items of FHIRPath.
///
/// # Errors
/// The name of a type that FHIRPath does not have.
pub(super) fn items<'t>(value: &Dynamic, tape: &'t Tape<'t>) -> Result<Collection<'t>, String> {
    let mut out = Collection::new();
    collect(value, tape, &mut out)?;
    Ok(out)
}

fn collect<'t>(value: &Dynamic, tape: &'t Tape<'t>, out: &mut Collection<'t>) -> Result<(), String> {
    if value.is_unit() {
        return Ok(());
    }
    if let Ok(entries) = value.as_array_ref() {
        return entries.iter().try_for_each(|v| collect(v, tape, out));
    }
    out.push(item(value, tape).ok_or_else(|| value.type_name().to_owned())?);
    Ok(())
}

fn item<'t>(value: &Dynamic, tape: &'t Tape<'t>) -> Option<Item<'t>> {
    if let Ok(b) = value.as_bool() {
        return Some(Item::Bool(b));
    }
    if let Ok(n) = value.as_int() {
        return Some(Item::Integer(n));
    }
    if let Ok(d) = value.as_decimal() {
        return Some(Item::Decimal(d));
    }
    if let Some(text) = text(value) {
        return Some(Item::Text(text.as_str().into()));
    }
    if let Some(node) = value.clone().try_cast::<NodeRef>() {
        return Some(Item::Node(tape.node(node.index), node.type_id));
    }
    let map = value.as_map_ref().ok()?;
    let number = map.get("value")?;
    let number = number.as_decimal().ok().or_else(|| number.as_int().ok().map(Decimal::from))?;
    let unit = map.get("unit").and_then(text)?;
    Some(Item::Quantity(Rc::new(Quantity { value: number, unit: Rc::from(unit.as_str()), calendar: false })))
}

/// The text of a string or a character.
pub(super) fn text(value: &Dynamic) -> Option<String> {
    value.as_immutable_string_ref().ok().map(|s| s.to_string()).or_else(|| value.as_char().ok().map(String::from))
}

/// JSON as a script sees it; a number that is not whole is a decimal, exactly where its digits allow.
pub(super) fn from_json(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(b) => Dynamic::from(*b),
        Value::Number(n) => match (n.as_i64(), decimal::nearest(&n.to_string())) {
            (Some(n), _) => Dynamic::from(n as INT),
            (None, Some(d)) => Dynamic::from_decimal(d),
            (None, None) => Dynamic::from(n.to_string()),
        },
        Value::String(s) => Dynamic::from(s.clone()),
        Value::Array(entries) => Dynamic::from_array(entries.iter().map(from_json).collect()),
        Value::Object(members) => {
            Dynamic::from_map(members.iter().map(|(k, v)| (k.as_str().into(), from_json(v))).collect())
        }
    }
}

/// What a script made as JSON; decimals as texts of their digits. `None` for what JSON does not have.
pub(super) fn to_json(value: &Dynamic) -> Option<Value> {
    if value.is_unit() {
        return Some(Value::Null);
    }
    if let Ok(b) = value.as_bool() {
        return Some(b.into());
    }
    if let Ok(n) = value.as_int() {
        return Some(n.into());
    }
    if let Ok(d) = value.as_decimal() {
        return Some(d.to_string().into());
    }
    if let Some(t) = text(value) {
        return Some(t.into());
    }
    if let Ok(entries) = value.as_array_ref() {
        return entries.iter().map(to_json).collect::<Option<Vec<Value>>>().map(Value::Array);
    }
    let map = value.as_map_ref().ok()?;
    map.iter()
        .map(|(k, v)| Some((k.to_string(), to_json(v)?)))
        .collect::<Option<serde_json::Map<String, Value>>>()
        .map(Value::Object)
}
