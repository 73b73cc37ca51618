//! What could be written at a place: names of elements, codes, resource types, urls of extensions.

use rustc_hash::FxHashMap;

use super::item::{Item, Kind};
use super::known::Known;
use super::written::{self, Form};
use crate::cursor::{Cursor, Spot, Token, cursor};
use crate::elements::Child;

/// The most items that are offered at one place.
pub const MOST_ITEMS: usize = 500;

/// The items at a byte, in their order, and whether they are all.
pub fn complete(text: &str, at: usize, known: &Known<'_>) -> (Vec<Item>, bool) {
    let found = cursor(text, at);
    let mut items = match &found.spot {
        Spot::Nowhere => Vec::new(),
        Spot::Name(token) => names(text, at, &found, token, known),
        Spot::Value { name, token } => values(text, at, &found, (name, token), known),
    };
    let is_whole = items.len() <= MOST_ITEMS;
    items.truncate(MOST_ITEMS);
    (items, is_whole)
}

/// The names of members that may still come.
fn names(text: &str, at: usize, found: &Cursor, token: &Token, known: &Known<'_>) -> Vec<Item> {
    let form = Form::at(text, at, found, token);
    let Some(level) = found.levels.last() else { return Vec::new() };
    let mut items = Vec::new();
    let others = level.members.iter().filter(|m| !m.key.contains(&token.range.start));
    let mut there: FxHashMap<&str, u64> = FxHashMap::default();
    others.for_each(|m| *there.entry(&*m.name).or_default() += 1);
    let is_first = found.levels.len() == 1 || matches!(&*level.name, "contained" | "resource");
    if is_first && !found.is_xml && !there.contains_key("resourceType") {
        items.push(form.item("resourceType", Kind::Element, "the type of the resource", true, "\"$0\""));
    }
    let Some(way) = known.definitions.way(&found.levels, &known.asked) else { return items };
    let children = known.definitions.children(&way.inside);
    let has_room = |child: &Child| {
        let of_choice = children.iter().filter(|c| c.element == child.element);
        let count: u64 = of_choice.filter_map(|c| there.get(&*c.name)).sum();
        if found.is_xml { child.max.is_none_or(|max| count < max) } else { count == 0 }
    };
    // In XML an element's `id` and an extension's `url` are attributes.
    let is_attribute = |name: &str| {
        let is_extension = matches!(&*level.name, "extension" | "modifierExtension");
        found.is_xml && (name == "id" && level.resource_type.is_none() || name == "url" && is_extension)
    };
    for child in children.iter().filter(|c| has_room(c) && !is_attribute(&c.name)) {
        let detail = written::detail(child);
        let value = if found.is_xml { written::xml_value(child) } else { written::json_value(child) };
        items.push(form.item(&child.name, Kind::Element, &detail, child.min > 0, &value));
    }
    items
}

/// The values that a member may have.
fn values(text: &str, at: usize, found: &Cursor, (name, token): (&str, &Token), known: &Known<'_>) -> Vec<Item> {
    let form = Form::at(text, at, found, token);
    if name == "resourceType" && !found.is_xml {
        let types = known.resource_types.iter();
        return types.map(|t| form.value(t, Kind::ResourceType, "")).collect();
    }
    let Some(way) = known.definitions.way(&found.levels, &known.asked) else { return Vec::new() };
    let member = known.definitions.child(&way.inside, name);
    let level = found.levels.last();
    let code = member.iter().find_map(|s| s.type_named(name)).unwrap_or_default();
    if code == "boolean" {
        return ["true", "false"].into_iter().map(|t| form.bare(t, Kind::Code, "boolean")).collect();
    }
    if name == "url" && level.is_some_and(|l| matches!(&*l.name, "extension" | "modifierExtension")) {
        return urls(&form, way.steps.last().map(|s| &**s).unwrap_or_default());
    }
    let system = level.and_then(|l| l.fact("system"));
    if name == "display" {
        let display = level.and_then(|l| known.definitions.display(l.fact("system")?, l.fact("code")?));
        return display.iter().map(|d| form.value(d, Kind::Code, "the display of the code")).collect();
    }
    let bindings = known.definitions.bindings(&way, &member);
    let Some(codes) = bindings.iter().find_map(|b| known.definitions.codes(&b.value_set)) else { return Vec::new() };
    if name == "system" && code != "code" {
        let mut systems: Vec<&str> = codes.codes.iter().map(|c| &*c.system).collect();
        systems.dedup();
        return systems.into_iter().map(|s| form.value(s, Kind::Url, "code system")).collect();
    }
    // A code of a Coding or a Quantity is of the system beside it; one that stands alone has none.
    let is_member = |own: &str| name != "code" || system.is_none_or(|s| s == own);
    let is_coded = matches!(&*code, "code") || name == "code";
    let of_system = codes.codes.iter().filter(|c| is_coded && is_member(&c.system));
    of_system.map(|c| form.value(&c.code, Kind::Code, c.display.as_deref().unwrap_or_default())).collect()
}

/// The urls of the extensions that definitions name here.
fn urls(form: &Form<'_>, step: &[crate::elements::Spot]) -> Vec<Item> {
    let mut urls: Vec<(String, String)> = Vec::new();
    for (url, slice) in step.iter().flat_map(|spot| spot.urls()) {
        urls.push((url, format!("{} {}", slice.slice.as_deref().unwrap_or_default(), slice.cardinality())));
    }
    urls.dedup();
    urls.iter().map(|(url, detail)| form.value(url, Kind::Url, detail)).collect()
}
