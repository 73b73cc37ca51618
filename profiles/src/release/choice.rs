//! Choices (`onset[x]`) of older versions: elements that stand under the name of one type, and slices that are types.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use super::json::put;

/// The name of the choice (`onset[x]`) of which an element is one type: its base's path tells.
pub(super) fn of(element: &Map<String, Value>, path: &str) -> Option<String> {
    let base = element.get("base")?.get("path")?.as_str()?;
    let (base, own) = (base.rsplit('.').next()?, path.rsplit('.').next()?);
    let stem = base.strip_suffix("[x]")?;
    let of_type = own.strip_prefix(stem).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_uppercase()));
    of_type.then(|| base.to_owned())
}

/// A choice of which slices are types is sliced by type, whether it says so or not.
pub(super) fn slice_by_type(elements: &mut [Value], place: usize) {
    if let Some(element) = elements.get_mut(place).and_then(Value::as_object_mut)
        && !element.contains_key("slicing")
    {
        let by_type = json!({"discriminator": [{"type": "type", "path": "$this"}], "rules": "open"});
        put(element, "slicing", by_type);
    }
}

/// Slices of choices as R4 has them. A choice is there once at most, so that of several types that are demanded one is
/// enough, and the choice demands it; a slice that takes every type of the choice says what the choice says.
pub(super) fn slices(elements: &mut Vec<Value>) {
    let is_choice = |e: &Value| e["path"].as_str().is_some_and(|p| p.ends_with("[x]"));
    let base = |e: &Value| e["id"].as_str().and_then(|id| id.rsplit_once(':')).map(|(base, _)| base.to_owned());
    let mut demanded: FxHashMap<String, usize> = FxHashMap::default();
    let mut types: FxHashMap<String, (Value, Value)> = FxHashMap::default();
    for e in elements.iter().filter(|e| is_choice(e)) {
        match base(e).filter(|_| e.get("sliceName").is_some()) {
            Some(base) if e["min"].as_u64() > Some(0) => *demanded.entry(base).or_default() += 1,
            Some(_) => {}
            None => drop(
                types.insert(e["id"].as_str().unwrap_or_default().to_owned(), (e["type"].clone(), e["max"].clone())),
            ),
        }
    }
    elements.retain_mut(|e| {
        let Some(base) = base(e).filter(|_| is_choice(e) && e.get("sliceName").is_some()) else { return true };
        let Some((all, max)) = types.get(&base) else { return true };
        if demanded.get(&base).is_some_and(|n| *n > 1) && *max == "1" {
            e["min"] = json!(0);
        }
        *all != e["type"] || all.as_array().is_none_or(|all| all.len() < 2)
    });
}
