//! Elements that have a choice of types, and elements of the wrong type or at the wrong place.

use serde_json::{Value, json};

use super::Kind;
use crate::random::Random;
use crate::sites::{Made, Site, around, change, is_element, whole};

pub const KINDS: &[Kind] = &[
    ("choice-type", choice_type),
    ("choice-value", choice_value),
    ("choice-two", choice_two),
    ("choice-plain", choice_plain),
    ("moved-up", moved_up),
    ("moved-down", moved_down),
    ("members-swapped", members_swapped),
    ("wrapped", wrapped),
    ("resource-as-element", resource_as_element),
    ("name-spelling", name_spelling),
    ("other-type-value", other_type_value),
];

/// A valid value of each type that choices have.
pub fn sample(type_name: &str) -> Option<Value> {
    let ucum = "http://unitsofmeasure.org";
    Some(match type_name {
        "Boolean" => json!(true),
        "Integer" | "PositiveInt" | "UnsignedInt" => json!(3),
        "Decimal" => json!(1.5),
        "String" | "Markdown" => json!("text"),
        "Code" | "Id" => json!("text"),
        "Uri" | "Url" | "Canonical" => json!("http://example.org/text"),
        "Date" => json!("2020-02-02"),
        "DateTime" | "Instant" => json!("2020-02-02T10:00:00Z"),
        "Time" => json!("10:00:00"),
        "Base64Binary" => json!("QUJD"),
        "Quantity" => json!({"value": 1, "unit": "mg", "system": ucum, "code": "mg"}),
        "Age" => json!({"value": 3, "unit": "years", "system": ucum, "code": "a"}),
        "Duration" => json!({"value": 3, "unit": "days", "system": ucum, "code": "d"}),
        "Money" => json!({"value": 3, "currency": "EUR"}),
        "CodeableConcept" => json!({"text": "text"}),
        "Coding" => json!({"system": "http://loinc.org", "code": "8480-6"}),
        "Period" => json!({"start": "2020-01-01", "end": "2020-02-01"}),
        "Range" => json!({"low": {"value": 1}, "high": {"value": 2}}),
        "Ratio" => json!({"numerator": {"value": 1}, "denominator": {"value": 2}}),
        "Reference" => json!({"display": "somebody"}),
        "Identifier" => json!({"system": "http://example.org/ids", "value": "1"}),
        "Attachment" => json!({"contentType": "text/plain", "title": "text"}),
        "Timing" => json!({"code": {"text": "daily"}}),
        "HumanName" | "Address" | "Annotation" => json!({"text": "text"}),
        "ContactPoint" => json!({"system": "phone", "value": "1"}),
        "SampledData" => json!({"origin": {"value": 0}, "period": 10, "dimensions": 1, "data": "1 2"}),
        _ => return None,
    })
}

pub const TYPES: [&str; 32] = [
    "Boolean",
    "Integer",
    "PositiveInt",
    "UnsignedInt",
    "Decimal",
    "String",
    "Markdown",
    "Code",
    "Id",
    "Uri",
    "Url",
    "Canonical",
    "Date",
    "DateTime",
    "Instant",
    "Time",
    "Base64Binary",
    "Quantity",
    "Age",
    "Duration",
    "Money",
    "CodeableConcept",
    "Coding",
    "Period",
    "Range",
    "Ratio",
    "Reference",
    "Identifier",
    "Attachment",
    "Timing",
    "HumanName",
    "SampledData",
];

/// The name before the type and the type, of `valueQuantity` and the like.
fn parts(name: &str) -> Option<(&str, &'static str)> {
    let of = |t: &&'static str| name.strip_suffix(*t).filter(|p| !p.is_empty() && !p.starts_with('_')).map(|p| (p, *t));
    TYPES.iter().filter_map(of).min_by_key(|(p, _)| p.len()).filter(|(p, _)| p.chars().all(char::is_alphanumeric))
}

fn is_choice(site: &Site<'_>) -> bool {
    parts(site.name).is_some() && !site.way.contains("xtension")
}

fn another(random: &mut Random, than: &str) -> Option<&'static str> {
    random.one(&TYPES).copied().filter(|t| *t != than)
}

fn choice_type(base: &Value, random: &mut Random) -> Option<Made> {
    around(base, random, is_choice, |o, name, random| {
        let (prefix, type_name) = parts(name)?;
        let other = another(random, type_name)?;
        o.shift_remove(name)?;
        o.insert(format!("{prefix}{other}"), sample(other)?);
        Some(format!("now {prefix}{other}"))
    })
}

fn choice_value(base: &Value, random: &mut Random) -> Option<Made> {
    around(base, random, is_choice, |o, name, random| {
        let other = another(random, parts(name)?.1)?;
        o.insert(name.to_owned(), sample(other)?);
        Some(format!("holds a value of {other}"))
    })
}

fn choice_two(base: &Value, random: &mut Random) -> Option<Made> {
    around(base, random, is_choice, |o, name, random| {
        let (prefix, type_name) = parts(name)?;
        let other = another(random, type_name)?;
        o.insert(format!("{prefix}{other}"), sample(other)?);
        Some(format!("{prefix}{other} beside it"))
    })
}

fn choice_plain(base: &Value, random: &mut Random) -> Option<Made> {
    around(base, random, is_choice, |o, name, random| {
        let (prefix, type_name) = parts(name)?;
        let new = match random.below(3) {
            0 => prefix.to_owned(),
            1 => format!("{prefix}{}", type_name.to_lowercase()),
            _ => format!("{prefix}[x]"),
        };
        let value = o.shift_remove(name)?;
        o.insert(new.clone(), value);
        Some(format!("now {new}"))
    })
}

/// A member of an element as a member of the resource.
fn moved_up(base: &Value, random: &mut Random) -> Option<Made> {
    let whole_of = base.as_object()?;
    let holders: Vec<(&String, &serde_json::Map<String, Value>)> = whole_of
        .iter()
        .filter_map(|(k, v)| Some((k, v.get(0).unwrap_or(v).as_object()?)))
        .filter(|(k, _)| *k != "text" && *k != "contained" && !k.contains("xtension"))
        .collect();
    let (from, members) = *random.one(&holders)?;
    let names: Vec<&String> = members.keys().filter(|k| !whole_of.contains_key(*k) && *k != "resourceType").collect();
    let name = (*random.one(&names)?).clone();
    let (from, value) = (from.clone(), members.get(&name)?.clone());
    whole(base, |o| {
        let holder = o.get_mut(&from)?;
        let holder = if holder.is_array() { holder.get_mut(0)? } else { holder };
        holder.as_object_mut()?.shift_remove(&name)?;
        o.insert(name.clone(), value);
        Some(format!("{from}.{name} moved up"))
    })
}

/// A member of the resource as a member of one of its elements.
fn moved_down(base: &Value, random: &mut Random) -> Option<Made> {
    let whole_of = base.as_object()?;
    let names: Vec<&String> =
        whole_of.keys().filter(|k| !["resourceType", "id", "text", "meta"].contains(&k.as_str())).collect();
    let holders: Vec<&String> = whole_of
        .iter()
        .filter(|(k, v)| v.get(0).unwrap_or(v).is_object() && *k != "text" && *k != "contained")
        .map(|(k, _)| k)
        .collect();
    let (name, into) = ((*random.one(&names)?).clone(), (*random.one(&holders)?).clone());
    if name == into {
        return None;
    }
    whole(base, |o| {
        let value = o.shift_remove(&name)?;
        let holder = o.get_mut(&into)?;
        let holder = if holder.is_array() { holder.get_mut(0)? } else { holder };
        holder.as_object_mut()?.insert(name.clone(), value);
        Some(format!("{name} moved into {into}"))
    })
}

fn members_swapped(base: &Value, random: &mut Random) -> Option<Made> {
    around(
        base,
        random,
        |_| true,
        |o, name, random| {
            let others: Vec<String> =
                o.keys().filter(|k| *k != name && *k != "resourceType" && *k != "div").cloned().collect();
            let other = random.one(&others)?;
            let (a, b) = (o.get(name)?.clone(), o.get(other)?.clone());
            o.insert(name.to_owned(), b);
            o.insert(other.clone(), a);
            Some(format!("swapped with {other}"))
        },
    )
}

fn wrapped(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| !s.value.is_array(),
        |v, _| {
            *v = json!({"value": v.take()});
            Some("inside an object with `value`".to_owned())
        },
    )
}

fn resource_as_element(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_element, |v, random| {
        if random.below(2) == 0 {
            v.as_object_mut()?.shift_insert(0, "resourceType".to_owned(), json!("Patient"));
            return Some("with a resourceType".to_owned());
        }
        *v = json!({"resourceType": "Basic", "code": {"text": "text"}});
        Some("a resource".to_owned())
    })
}

fn name_spelling(base: &Value, random: &mut Random) -> Option<Made> {
    around(
        base,
        random,
        |s| !s.name.starts_with('_'),
        |o, name, random| {
            let first = name.chars().next()?;
            let new = match random.below(5) {
                0 => format!("{}{}", first.to_uppercase(), name.get(first.len_utf8()..)?),
                1 => format!("{name}s"),
                2 => format!("{name} "),
                3 => format!("_{name}"),
                _ => name.to_uppercase(),
            };
            let value = o.shift_remove(name)?;
            o.insert(new.clone(), value);
            Some(format!("now `{new}`"))
        },
    )
}

fn other_type_value(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| !s.value.is_array(),
        |v, random| {
            let name = random.one(&TYPES)?;
            *v = sample(name)?;
            Some(format!("holds a value of {name}"))
        },
    )
}
