//! Elements of older StructureDefinitions in the form of R4: ids, slice names, choices that stand under the name of one
//! type, references to content.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use super::json::{put, text};
use super::{choice, facets};

/// An element above the one that is looked at.
struct Above {
    /// Its path as published.
    published: String,
    /// Its path and its id in the form of R4.
    path: String,
    id: String,
    /// The paths (of R4) of its children so far, each with how often it stood there and the place of the first.
    seen: FxHashMap<String, (usize, usize)>,
}

/// Brings the elements of a snapshot or a differential into the form of R4.
///
/// DSTU2 names slices by `name`, which it also gives to elements that another one repeats (`nameReference`): an element
/// is a slice where one of the same path stands before it under the same parent. A choice that a profile restricts to
/// one type may stand under the name of that type (`onsetQuantity`), with the choice itself before it or alone. A
/// differential need not repeat the element that is sliced: there `sliceName`, and the name of an extension, are
/// enough.
pub(super) fn normalise(elements: &mut Vec<Value>, is_differential: bool) {
    let mut reading = Reading { is_differential, above: Vec::new(), named: FxHashMap::default(), typed: Vec::new() };
    for (place, element) in elements.iter_mut().enumerate() {
        if let Some(element) = element.as_object_mut() {
            facets::normalise(element);
            reading.element(place, element);
        }
    }
    content_references(elements, &reading.named);
    for place in reading.typed {
        choice::slice_by_type(elements, place);
    }
    if !is_differential {
        choice::slices(elements);
    }
}

/// What is known while the elements are gone through.
struct Reading {
    is_differential: bool,
    above: Vec<Above>,
    /// Ids by the names and the published ids that references to content use.
    named: FxHashMap<String, String>,
    /// The places of choices of which slices are types.
    typed: Vec<usize>,
}

impl Reading {
    /// Gives an element the path, the id and the slice name of R4.
    fn element(&mut self, place: usize, element: &mut Map<String, Value>) {
        let published = text(element, "path").to_owned();
        while self.above.last().is_some_and(|a| !is_below(&published, &a.published)) {
            self.above.pop();
        }
        let own_id = element.get("id").and_then(Value::as_str).filter(|_| self.is_differential).map(str::to_owned);
        let sparse = self.is_differential && (element.contains_key("sliceName") || is_extension(&published));
        let name = take_name(element);
        if self.above.is_empty()
            && let Some((root, _)) = published.split_once('.')
        {
            // A differential need not begin with the root.
            self.above.push(Above::of(root, root, root));
        }
        let Some(parent) = self.above.last_mut() else {
            element.shift_remove("sliceName");
            put(element, "id", json!(published));
            self.above.push(Above::of(&published, &published, &published));
            return;
        };
        let choice = choice::of(element, &published);
        let path = parent.path_of(&published, choice.as_deref());
        let (count, first) = *parent.seen.entry(path.clone()).and_modify(|s| s.0 += 1).or_insert((1, place));
        let mut id = format!("{}{}", parent.id, path.get(parent.path.len()..).unwrap_or_default());
        if count > 1 || sparse && name.is_some() {
            let slice = match (&name, &choice) {
                (Some(name), _) => name.clone(),
                (None, Some(_)) => published.rsplit('.').next().unwrap_or_default().to_owned(),
                (None, None) => format!("slice-{}", count - 1),
            };
            id = format!("{id}:{slice}");
            put(element, "sliceName", json!(slice));
            self.typed.extend(choice.map(|_| first));
        } else {
            element.shift_remove("sliceName");
        }
        let published_id = element.get("id").and_then(Value::as_str).map(str::to_owned);
        for name in published_id.into_iter().chain(name.filter(|n| !n.is_empty())) {
            self.named.entry(name).or_insert_with(|| id.clone());
        }
        put(element, "path", json!(path));
        put(element, "id", json!(own_id.as_ref().unwrap_or(&id)));
        self.above.push(Above::of(&published, &path, &id));
    }
}

impl Above {
    /// The path of R4 of an element below this one; `choice` is the choice that it is a type of.
    fn path_of(&self, published: &str, choice: Option<&str>) -> String {
        let rest = published.get(self.published.len()..).unwrap_or_default();
        match choice {
            Some(choice) => {
                let middle = rest.rsplit_once('.').map_or("", |(middle, _)| middle);
                format!("{}{middle}.{choice}", self.path)
            }
            None => format!("{}{rest}", self.path),
        }
    }

    fn of(published: &str, path: &str, id: &str) -> Above {
        Above { published: published.to_owned(), path: path.to_owned(), id: id.to_owned(), seen: FxHashMap::default() }
    }
}

fn is_extension(path: &str) -> bool {
    path.ends_with(".extension") || path.ends_with(".modifierExtension")
}

fn is_below(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|rest| rest.starts_with('.'))
}

/// The name of a slice, or of an element that others refer to.
fn take_name(element: &mut Map<String, Value>) -> Option<String> {
    let name = element.shift_remove("name").or_else(|| element.get("sliceName").cloned())?;
    name.as_str().map(str::to_owned)
}

/// `nameReference` as `contentReference` by id. Profiles may have lost the name: then the element's own is meant.
fn content_references(elements: &mut [Value], named: &FxHashMap<String, String>) {
    let mut by_step: FxHashMap<String, String> = FxHashMap::default();
    for element in elements.iter().filter_map(Value::as_object) {
        let (path, id) = (text(element, "path"), text(element, "id"));
        if let Some(step) = path.rsplit('.').next().filter(|_| !element.contains_key("sliceName")) {
            by_step.entry(step.to_ascii_lowercase()).or_insert_with(|| id.to_owned());
        }
    }
    for element in elements.iter_mut().filter_map(Value::as_object_mut) {
        let by_id = element.get("contentReference").and_then(Value::as_str).and_then(|r| r.strip_prefix('#'));
        if let Some(id) = by_id.and_then(|id| named.get(id)) {
            put(element, "contentReference", json!(format!("#{id}")));
        }
        let Some(reference) = element.shift_remove("nameReference") else { continue };
        let name = reference.as_str().unwrap_or_default();
        // Where it names nothing, the base's element still tells what is allowed.
        if let Some(id) = named.get(name).or_else(|| by_step.get(&name.to_ascii_lowercase())) {
            put(element, "contentReference", json!(format!("#{id}")));
        }
    }
}
