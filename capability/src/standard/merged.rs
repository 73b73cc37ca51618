//! A CapabilityStatement of `kind = requirements` made of the rows of negotiations.

use std::collections::BTreeMap;

use fhir_accord_profiles::model::Primitive;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value, json};

use super::element::{
    absent, canonical, combination, expected, flag, interaction, is, operation, r4_types, search_param,
};
use super::line::Line;
use super::stated::SUPPORTED_SYSTEM;
use crate::agreement::Item;
use crate::expectation::Expectation;

/// What a merged statement says of itself.
pub(super) struct Head<'h> {
    pub title: String,
    pub description: String,
    /// The mode of its `rest`.
    pub mode: &'static str,
    pub date: Option<&'h str>,
    pub formats: Vec<&'h str>,
    /// The implementation guides.
    pub guides: Vec<&'h str>,
    /// The code systems of the extension `capabilitystatement-supported-system`.
    pub systems: Vec<&'h str>,
    /// The documentation of the entry of a type.
    pub documentation: BTreeMap<&'h str, String>,
}

/// An item of the merged statement.
pub(super) struct Entry<'a> {
    pub line: Line<'a>,
    pub expectation: Option<Expectation>,
    pub meaning: Meaning,
}

/// What is known of a search parameter; nothing of other items.
#[derive(Default)]
pub(super) struct Meaning {
    pub definition: Option<String>,
    /// The type, as `token`.
    pub kind: Option<String>,
}

/// The statement in the making.
#[derive(Default)]
pub(super) struct Merged<'a> {
    system: Map<String, Value>,
    types: Vec<Map<String, Value>>,
    places: FxHashMap<&'a str, usize>,
    /// Names that an entry has already: search parameters, profiles and the like are listed once.
    seen: FxHashSet<(Option<usize>, &'static str, String)>,
    /// The items that R4 has no way to write.
    pub left_out: usize,
}

impl<'a> Merged<'a> {
    /// The statement of these items, in their order, with how many of them cannot be written.
    pub(super) fn write(head: &Head<'_>, entries: impl Iterator<Item = Entry<'a>>) -> (Value, usize) {
        let known = r4_types();
        let mut merged = Merged::default();
        for entry in entries {
            let added = entry.line.resource_type.is_none_or(|t| known.contains(t)) && merged.add(&entry).is_some();
            merged.left_out += usize::from(!added);
        }
        let left_out = merged.left_out;
        (merged.finish(head), left_out)
    }

    /// Adds an item; `None` where R4 has no way to write it.
    fn add(&mut self, entry: &Entry<'a>) -> Option<()> {
        let of_type = entry.line.resource_type;
        let place = of_type.map(|name| self.place(name));
        let (list, name, value) = match &entry.line.row.item {
            Item::Type(_) => {
                let own = place.and_then(|at| self.types.get_mut(at))?;
                *own = expected(Value::Object(std::mem::take(own)), entry.expectation).as_object().cloned()?;
                return Some(());
            }
            Item::Profile(profile) => {
                let canonical = canonical(&profile.required)?;
                ("supportedProfile", canonical.to_owned(), json!(canonical))
            }
            Item::Interaction(code) => ("interaction", code.clone(), interaction(code, of_type.is_some())?),
            Item::SearchParam { name, .. } => {
                let Meaning { definition, kind } = &entry.meaning;
                ("searchParam", name.clone(), search_param(name, definition.as_deref(), kind.as_deref())?)
            }
            Item::Combination { required, optional } => {
                ("extension", entry.line.row.item.name(), combination(required, optional)?)
            }
            Item::Include { code, reverse } => {
                is(Primitive::String, code).then_some(())?;
                (if *reverse { "searchRevInclude" } else { "searchInclude" }, code.clone(), json!(code))
            }
            Item::Operation { name, definition } => {
                let key = definition.clone().unwrap_or_else(|| name.clone());
                ("operation", key, operation(name, definition.as_deref())?)
            }
            Item::Flag { name, value } => {
                let value = flag(name, value)?;
                self.entry(place)?.entry(name.clone()).or_insert(value);
                return Some(());
            }
        };
        if self.seen.insert((place, list, name)) {
            let value =
                if value.is_object() && list != "extension" { expected(value, entry.expectation) } else { value };
            let listed = self.entry(place)?.entry(list).or_insert_with(|| json!([]));
            listed.as_array_mut()?.push(value);
        }
        Some(())
    }

    fn place(&mut self, name: &'a str) -> usize {
        let types = &mut self.types;
        *self.places.entry(name).or_insert_with(|| {
            types.push(Map::from_iter([("type".to_owned(), name.into())]));
            types.len() - 1
        })
    }

    fn entry(&mut self, place: Option<usize>) -> Option<&mut Map<String, Value>> {
        match place {
            Some(at) => self.types.get_mut(at),
            None => Some(&mut self.system),
        }
    }

    fn finish(mut self, head: &Head<'_>) -> Value {
        for (name, text) in &head.documentation {
            let entry = self.places.get(name).and_then(|at| self.types.get_mut(*at));
            entry.map(|members| members.insert("documentation".to_owned(), text.clone().into()));
        }
        let mut rest = self.system;
        rest.insert("mode".to_owned(), head.mode.into());
        if !self.types.is_empty() {
            rest.insert("resource".to_owned(), self.types.into_iter().map(Value::Object).collect());
        }
        let mut out = json!({
            "resourceType": "CapabilityStatement", "title": head.title, "status": "draft",
            "description": head.description, "kind": "requirements", "fhirVersion": "4.0.1", "rest": [rest],
        });
        if let Some(members) = out.as_object_mut() {
            match head.date.filter(|d| is(Primitive::DateTime, d)) {
                Some(date) => members.insert("date".to_owned(), date.into()),
                None => members.insert("_date".to_owned(), absent()),
            };
            match head.formats.as_slice() {
                [] => members.insert("_format".to_owned(), json!([absent()])),
                formats => members.insert("format".to_owned(), json!(formats)),
            };
            let guides: Vec<&str> = head.guides.iter().filter_map(|g| canonical(g)).collect();
            if !guides.is_empty() {
                members.insert("implementationGuide".to_owned(), json!(guides));
            }
            let systems = head.systems.iter().filter(|s| is(Primitive::Uri, s));
            let systems: Vec<Value> = systems.map(|s| json!({"url": SUPPORTED_SYSTEM, "valueUri": s})).collect();
            if !systems.is_empty() {
                members.insert("extension".to_owned(), json!(systems));
            }
        }
        out
    }
}
