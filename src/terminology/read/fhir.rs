//! FHIR resources in JSON: CodeSystems, ValueSets with their codes, and Bundles of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use fhir_accord_profiles::definition::Canonical;
use fhir_accord_profiles::terminology::{Content as Stated, TerminologySource, code_system, expand};
use rustc_hash::FxHashSet;
use serde_json::Value;

use super::super::TerminologyError;
use super::super::held::OF_SYSTEM;
use super::super::inputs::Input;
use super::super::lines::{text, without_mark};
use super::super::set::{Content, Draft, Kind, Meta};
use super::super::told::{Fault, Told};
use super::names::from;

/// The most bytes of a file.
const JSON: u64 = 1 << 30;

/// Nothing but the value set itself.
struct Alone;

impl TerminologySource for Alone {
    fn value_set(&self, _: &Canonical) -> Option<Arc<Value>> {
        None
    }

    fn code_system(&self, _: &Canonical) -> Option<Arc<Value>> {
        None
    }

    fn supplements(&self, _: &str) -> Vec<Arc<Value>> {
        Vec::new()
    }
}

/// What was read: by kind and canonical, so that the pages of an expansion come together.
#[derive(Default)]
struct Found {
    drafts: BTreeMap<(bool, String), Draft>,
    /// How many codes an expansion says that it has in all.
    totals: BTreeMap<String, u64>,
}

pub(super) fn read(files: &[&Input], told: &mut Told) -> Result<Vec<Draft>, TerminologyError> {
    let mut found = Found::default();
    for input in files {
        let bytes = input.start(JSON + 1)?;
        if bytes.len() as u64 > JSON {
            told.note(Fault::Unreadable, &input.name, 0, || format!("it exceeds the limit of {JSON} bytes"));
            continue;
        }
        let bytes = without_mark(&bytes);
        if bytes.trim_ascii().is_empty() {
            told.note(Fault::Unreadable, &input.name, 0, || "the file is empty".to_owned());
            continue;
        }
        let text = text(bytes, input, 0, told);
        match serde_json::from_str::<Value>(&text) {
            Ok(resource) => found.add(&resource, input, told),
            Err(e) => told.note(Fault::Unreadable, &input.name, e.line() as u64, || e.to_string()),
        }
    }
    Ok(found.finish(told))
}

impl Found {
    fn add(&mut self, resource: &Value, input: &Input, told: &mut Told) {
        match resource.get("resourceType").and_then(Value::as_str) {
            Some("Bundle") => {
                let entries = resource.get("entry").and_then(Value::as_array).into_iter().flatten();
                entries.filter_map(|e| e.get("resource")).for_each(|r| self.add(r, input, told));
            }
            Some("CodeSystem") => self.code_system(resource, input, told),
            Some("ValueSet") => self.value_set(resource, input, told),
            other => {
                let what = other.unwrap_or("no resource");
                told.note(Fault::Ignored, &input.name, 0, || {
                    format!("{what}; expected a ValueSet, a CodeSystem or a Bundle")
                });
            }
        }
    }

    fn code_system(&mut self, resource: &Value, input: &Input, told: &mut Told) {
        let table = code_system(resource);
        let content = match table.content {
            Stated::Complete => Content::Complete,
            Stated::Partial => Content::Fragment,
            Stated::NotPresent | Stated::Supplement => {
                let url = &table.url;
                told.note(Fault::Unreadable, &input.name, 0, || format!("CodeSystem `{url}` has no codes of its own"));
                return;
            }
        };
        let mut meta = Meta::new(Kind::CodeSystem, &table.url, table.version.as_deref().unwrap_or_default());
        (meta.content, meta.case_sensitive) = (content, table.case_sensitive);
        let mut draft = Draft::new(meta);
        let own = draft.language(table.language.as_deref().unwrap_or_default());
        for (row, place) in table.concepts.iter().zip(0u32..) {
            let (index, _) = draft.add(&row.code);
            // The draft has the table's indices, as long as no two codes differ only in case.
            if index != place {
                told.note(Fault::Duplicate, &input.name, 0, || format!("code `{}` came before", row.code));
            }
            let others: Vec<(u16, &str)> = row
                .designations
                .iter()
                .map(|(tag, text)| (draft.language(tag.as_deref().unwrap_or_default()), text.as_str()))
                .collect();
            let values: Vec<(u16, &str)> =
                row.properties.iter().map(|(p, value)| (draft.property(p), value.as_str())).collect();
            let Some(concept) = draft.at(index) else { continue };
            concept.inactive = row.inactive;
            concept.name(own, row.display.as_deref().unwrap_or_default());
            others.iter().for_each(|(language, text)| concept.name(*language, text));
            values.iter().for_each(|(property, value)| concept.has(*property, value));
        }
        for row in &table.concepts {
            let Some(child) = draft.find(&row.code) else { continue };
            let above = row.parents.iter().filter_map(|p| table.concepts.get(*p as usize));
            let links: Vec<u32> = above.filter_map(|p| draft.find(&p.code)).filter(|p| *p != child).collect();
            draft.links.extend(links.into_iter().map(|parent| (child, parent)));
        }
        // A code system says itself what is above what: where it says nothing, nothing is.
        draft.meta.hierarchy = content == Content::Complete || !draft.links.is_empty();
        self.keep(draft, input, told);
    }

    fn value_set(&mut self, resource: &Value, input: &Input, told: &mut Told) {
        let field = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
        let (url, version) = (field("url"), field("version"));
        let expansion = expand(resource, &Alone);
        if url.is_empty() || expansion.codes.is_empty() {
            let why = if url.is_empty() { "a ValueSet without a url" } else { "the ValueSet has no codes" };
            told.note(Fault::Unreadable, &input.name, 0, || format!("{why}: `{}`", field("id")));
            return;
        }
        let meta = Meta::new(Kind::ValueSet, url, version);
        let mut draft = Draft::new(meta);
        let language = draft.language(field("language"));
        if !expansion.is_certain() {
            draft.meta.content = Content::Fragment;
        }
        let mut codes: FxHashSet<(&str, &str)> = FxHashSet::default();
        for code in expansion.codes.iter().filter(|c| codes.insert((c.system.as_str(), c.code.as_str()))) {
            add(&mut draft, &code.system, &code.code, |concept| {
                concept.inactive = code.inactive;
                concept.name(language, code.display.as_deref().unwrap_or_default());
            });
        }
        let stated = resource.get("expansion");
        let total = stated.and_then(|e| e.get("total")).and_then(Value::as_u64).unwrap_or_default();
        let canonical = draft.meta.canonical();
        let known = self.totals.entry(canonical).or_default();
        *known = total.max(*known);
        self.keep(draft, input, told);
    }

    /// Keeps what was read; pages of an expansion are put together.
    fn keep(&mut self, mut draft: Draft, input: &Input, told: &mut Told) {
        let key = (draft.meta.kind == Kind::CodeSystem, draft.meta.canonical());
        from(&mut draft, input);
        let Some(known) = self.drafts.get_mut(&key) else {
            self.drafts.insert(key, draft);
            return;
        };
        if draft.meta.kind == Kind::CodeSystem {
            let name = &key.1;
            told.note(Fault::Duplicate, &input.name, 0, || {
                format!("CodeSystem `{name}` came before; the first counts")
            });
            return;
        }
        if known.meta.content == Content::Complete && draft.meta.content == Content::Complete {
            let name = &key.1;
            told.note(Fault::Duplicate, &input.name, 0, || {
                format!("ValueSet `{name}` came before; the codes of both are kept")
            });
        }
        for concept in &draft.concepts {
            let Some((system, code)) = split(&draft, &concept.code) else { continue };
            add(known, &system, code, |own| {
                own.inactive |= concept.inactive;
                concept.names.iter().for_each(|(_, text)| own.name(0, text));
            });
        }
        known.meta.sources.extend(draft.meta.sources);
        if draft.meta.content == Content::Complete {
            known.meta.content = Content::Complete;
        }
    }

    fn finish(mut self, told: &mut Told) -> Vec<Draft> {
        for ((_, canonical), draft) in &mut self.drafts {
            let (count, total) = (draft.concepts.len() as u64, self.totals.get(canonical).copied().unwrap_or_default());
            let is_value_set = draft.meta.kind == Kind::ValueSet;
            if is_value_set && draft.meta.content == Content::Fragment && draft.meta.sources.len() > 1 && total == count
            {
                draft.meta.content = Content::Complete;
            }
            if is_value_set && draft.meta.content == Content::Fragment {
                let all = if total > 0 { format!(" of {total}") } else { String::new() };
                told.note(Fault::Partial, canonical, 0, || {
                    format!("{count}{all} codes are there; of others it is not known whether they belong")
                });
            }
        }
        self.drafts.into_values().collect()
    }
}

/// Adds a code of a system to a value set.
fn add(draft: &mut Draft, system: &str, code: &str, fill: impl FnOnce(&mut super::super::set::Concept)) {
    let number = draft.system(system);
    let (index, _) = draft.add(&format!("{number}{OF_SYSTEM}{code}"));
    if let Some(concept) = draft.at(index) {
        fill(concept);
    }
}

/// The system and the code of a value set's code.
fn split<'d>(draft: &'d Draft, key: &'d str) -> Option<(String, &'d str)> {
    let (number, code) = key.split_once(OF_SYSTEM)?;
    Some((draft.meta.systems.get(number.parse::<usize>().ok()?)?.clone(), code))
}
