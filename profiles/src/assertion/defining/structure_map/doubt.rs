//! What a map leaves open or says in vain: structures and maps that are not loaded, inputs without a type, limits and
//! list modes that nothing can come to.

use super::super::{named, text};
use super::scope::{Map, Side};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};
use crate::model::ChildRow;

fn told<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, text: String) {
    j.find(RuleId::MAP_DOUBTFUL, Weight::Warning, at, &[], || Detail::Text(text));
}

/// The structures and the imported maps are loaded.
pub fn loaded<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    for url in named(n, "structure").flat_map(|s| named(s, "url")).filter(|u| u.has_value()) {
        if j.kinds(&url.text()).is_empty() {
            told(
                j,
                url,
                format!("the structure `{}` is not loaded: what is read or made of it is not checked", url.text()),
            );
        }
    }
    for import in named(n, "import").filter(|i| i.has_value() && !i.text().contains('*')) {
        if j.kinds(&import.text()).is_empty() {
            told(j, import, format!("the map `{}` is not loaded: its groups are not known", import.text()));
        }
    }
}

/// What is read through an input that no type and no call tells of is not checked; and its structure is on its side.
pub fn input<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, group: Node<'t>, input: Node<'t>) {
    let name = text(input, "name").unwrap_or_default();
    let Some(ty) = text(input, "type") else {
        if !text(group, "name").is_some_and(|g| map.called.contains(&g)) {
            told(j, input, format!("input `{name}` has no type, and no rule here calls the group: it is not checked"));
        }
        return;
    };
    let Some(mode) = text(input, "mode") else { return };
    if Side::of(Some(&*mode)).is_some_and(|side| map.is_other_side(&ty, side)) {
        told(j, input, format!("input `{name}` is a {mode}, but the structure `{ty}` is declared for the other side"));
    }
}

/// A source does not ask for more than its element can have, nor for less than it has.
pub fn limits<'t>(j: &mut Judge<'_, 't>, source: Node<'t>, row: &ChildRow) {
    let stated = |name: &'static str| text(source, name).and_then(|v| v.parse::<u32>().ok());
    let name = text(source, "element").unwrap_or_default();
    if let Some(max) = stated("max").filter(|max| *max > row.max) {
        told(j, source, format!("the maximum {max} says nothing: `{name}` has at most {}", row.max));
    }
    if let Some(min) = stated("min").filter(|min| *min < row.min) {
        told(j, source, format!("the minimum {min} says nothing: `{name}` has at least {}", row.min));
    }
}

/// List modes are for lists, and what shares an entry says so.
pub fn list<'t>(j: &mut Judge<'_, 't>, target: Node<'t>, rows: &[&ChildRow]) {
    let modes: Vec<_> = named(target, "listMode").filter(|m| m.has_value()).map(|m| m.text()).collect();
    let shared = text(target, "listRuleId");
    if modes.is_empty() && shared.is_none() {
        return;
    }
    let is_single = !rows.is_empty() && rows.iter().all(|r| !r.is_list());
    if is_single {
        let name = text(target, "element").unwrap_or_default();
        told(j, target, format!("`{name}` is not a list: its list mode says nothing"));
    }
    if let Some(id) = shared.filter(|_| modes.iter().all(|m| m != "share")) {
        told(j, target, format!("the list mode is not `share`, so `{id}` names nothing that is shared"));
    }
}

/// What is created is of a type that is known, where the map says or implies it.
pub fn created<'t>(j: &mut Judge<'_, 't>, map: &Map<'t>, target: Node<'t>, rows: &[&ChildRow]) {
    if text(target, "transform").is_none_or(|t| t != "create") {
        return;
    }
    let mut parameters = named(target, "parameter");
    let Some(first) = parameters.next() else {
        let is_open = rows.len() > 1 && map.defaults.is_empty() && !map.imports;
        if is_open && text(target, "variable").is_some() {
            let name = text(target, "element").unwrap_or_default();
            told(j, target, format!("`{name}` may be of {} types, and `create` does not say which", rows.len()));
        }
        return;
    };
    let Some(ty) = text(first, "valueString").filter(|ty| ty.bytes().all(|b| b.is_ascii_alphanumeric())) else {
        return;
    };
    // The types inside a logical model are not known.
    if map.is_closed && !map.imports && !map.is_alias(&ty) && j.model().find(&ty).is_none() {
        let wrong = format!("`{ty}` is neither an alias nor a type of FHIR");
        // Of an element the type may be a name for a part of it.
        if text(target, "element").is_some() {
            told(j, target, wrong);
        } else {
            j.error(RuleId::MAP_TRANSFORM, target, &[], || Detail::Text(wrong));
        }
    }
}
