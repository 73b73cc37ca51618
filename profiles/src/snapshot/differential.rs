//! A differential read into a tree: each element by its address, that is by names and slices, whatever its order.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::element::Members;
use super::tree::DEPTH_LIMIT;

/// One element that a differential names, and what it says below it.
#[derive(Debug, Default)]
pub(super) struct Change<'d> {
    /// The last segment of the path as written: `valueQuantity` stays so.
    pub(super) name: String,
    pub(super) slice: Option<String>,
    /// What the differential says of the element; empty where it only says something of its children.
    pub(super) says: Vec<&'d Members>,
    /// Children and slices of children, in the differential's order.
    pub(super) children: Vec<Change<'d>>,
    /// Where the child of a step is, as the differential addresses it.
    places: FxHashMap<Step, usize>,
}

impl<'d> Change<'d> {
    /// The id of the element as the differential has it, for messages.
    pub(super) fn label(&self) -> &str {
        let said = |key| self.says.iter().find_map(|s: &&Members| s.get(key).and_then(Value::as_str));
        said("id").or(said("path")).unwrap_or(&self.name)
    }

    /// What the differential says of a member; the first that says anything.
    pub(super) fn said(&self, key: &str) -> Option<&'d Value> {
        self.says.iter().find_map(|s| s.get(key))
    }

    /// Whether two of the places where the differential has this element say different things of one member.
    pub(super) fn contradicts_itself(&self) -> bool {
        let mut first: FxHashMap<&str, &Value> = FxHashMap::default();
        let mut members =
            self.says.iter().flat_map(|says| says.iter()).filter(|(key, _)| !PROSE.contains(&key.as_str()));
        members.any(|(key, value)| *first.entry(key.as_str()).or_insert(value) != value)
    }

    #[allow(clippy::indexing_slicing, reason = "the child was found at this place, or has just been put there")]
    fn descend(&mut self, step: &Step) -> &mut Change<'d> {
        if let Some(place) = self.places.get(step) {
            return &mut self.children[*place];
        }
        let place = self.children.len();
        self.children.push(Change { name: step.name.clone(), slice: step.slice.clone(), ..Change::default() });
        self.places.insert(step.clone(), place);
        &mut self.children[place]
    }
}

/// The members that place an element, or are for people, or add up.
const PROSE: [&str; 14] = [
    "id",
    "path",
    "short",
    "definition",
    "comment",
    "requirements",
    "meaningWhenMissing",
    "label",
    "alias",
    "mapping",
    "constraint",
    "condition",
    "code",
    "extension",
];

/// A segment of an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Step {
    name: String,
    slice: Option<String>,
}

/// The address of the last element that has a path.
type Seen<'d> = FxHashMap<&'d str, Vec<Step>>;

/// The differential's elements as a tree below the root, and those that have no usable path.
pub(super) fn read(elements: &[Value]) -> (Change<'_>, Vec<&Value>) {
    let mut root = Change::default();
    let mut stray = Vec::new();
    let mut seen: Seen<'_> = Seen::default();
    let mut taken: FxHashSet<Vec<Step>> = FxHashSet::default();
    for element in elements {
        let (Some(members), Some(path)) = (element.as_object(), element.get("path").and_then(Value::as_str)) else {
            stray.push(element);
            continue;
        };
        if path.split('.').any(str::is_empty) || path.split('.').count() > DEPTH_LIMIT {
            stray.push(element);
            continue;
        }
        let mut address = address(members, path, &seen);
        // Of two elements with the same id, the order decides which the second is.
        if !taken.insert(address.clone()) {
            let slice = members.get("sliceName").and_then(Value::as_str);
            let by_path = address_of_path(path, slice, &seen);
            if taken.insert(by_path.clone()) {
                address = by_path;
            }
        }
        let Some((first, below)) = address.split_first() else { continue };
        if root.name.is_empty() {
            root.name.clone_from(&first.name);
        }
        if first.name != root.name {
            stray.push(element);
            continue;
        }
        let mut node = &mut root;
        for step in below {
            node = node.descend(step);
        }
        node.says.push(members);
        seen.insert(path, address);
    }
    name_slices(&mut root);
    (root, stray)
}

/// A slice's name is what the element says; its id only places it.
fn name_slices(change: &mut Change<'_>) {
    if let Some(name) = change.said("sliceName").and_then(Value::as_str) {
        change.slice = Some(name.to_owned());
    }
    change.children.iter_mut().for_each(name_slices);
}

/// The address of an element: from its id where that agrees with the path, else from the path and what came before it.
fn address(members: &Members, path: &str, seen: &Seen<'_>) -> Vec<Step> {
    let slice = members.get("sliceName").and_then(Value::as_str);
    let by_id = members.get("id").and_then(Value::as_str).and_then(|id| address_of_id(id, path, slice));
    by_id.unwrap_or_else(|| address_of_path(path, slice, seen))
}

fn address_of_id(id: &str, path: &str, slice: Option<&str>) -> Option<Vec<Step>> {
    let names: Vec<&str> = path.split('.').collect();
    let mut steps: Vec<Step> = Vec::with_capacity(names.len());
    for segment in id.split('.') {
        let (name, slice) = match segment.split_once(':') {
            Some((name, slice)) => (name, Some(slice)),
            None => (segment, None),
        };
        let written = names.get(steps.len())?;
        if !same_element(name, written) {
            return None;
        }
        steps.push(Step { name: name.to_owned(), slice: slice.map(str::to_owned) });
    }
    let last = steps.last_mut().filter(|_| id.split('.').count() == names.len())?;
    if last.slice.is_none() {
        last.slice = slice.map(str::to_owned);
    }
    Some(steps)
}

/// Whether two names of a path mean one element: the same, or a choice and its shorthand.
fn same_element(a: &str, b: &str) -> bool {
    let of_choice = |choice: &str, other: &str| {
        choice.strip_suffix("[x]").is_some_and(|choice_base| other.starts_with(choice_base))
    };
    a == b || of_choice(a, b) || of_choice(b, a)
}

/// The address by order: the parent is the nearest element before this one that has the parent's path.
fn address_of_path(path: &str, slice: Option<&str>, seen: &Seen<'_>) -> Vec<Step> {
    let (mut steps, name) = match path.rsplit_once('.') {
        Some((parent, name)) => {
            (seen.get(parent).cloned().unwrap_or_else(|| address_of_path(parent, None, seen)), name)
        }
        None => (Vec::new(), path),
    };
    steps.push(Step { name: name.to_owned(), slice: slice.map(str::to_owned) });
    steps
}
