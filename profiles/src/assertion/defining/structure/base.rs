//! The elements of a base, found by the ids and paths of a definition that constrains it
//! (<https://hl7.org/fhir/R4/elementdefinition.html#path>).

use rustc_hash::FxHashMap;

use crate::judge::Scene;
use crate::plan::Handle;
use crate::plan::rows::{ELEMENT_CHOICE, ElementRow, NONE};

/// The most names in a path that are looked up.
const MAX_DEPTH: usize = 64;

/// The element of the base that a path leads to.
#[derive(Clone, Copy)]
pub struct Spot<'e> {
    pub row: Handle,
    /// The row of the whole element, where `row` is one of its slices.
    pub whole: Handle,
    /// The path names one type of a choice: `deceasedBoolean`.
    pub narrowed: Option<&'e str>,
    /// A slice, or a type of a choice, that the base does not have itself: the row is that of the whole element.
    pub is_new_slice: bool,
}

/// Where a path leads.
#[derive(Clone, Copy)]
pub enum Found<'e> {
    Spot(Spot<'e>),
    /// The element before the last name has none of this name.
    Missing,
    /// Its parent element is itself missing, and reported there.
    Nowhere,
    /// Its path goes through a type that is not loaded, or is too deep.
    Unknown,
}

/// The elements of one base.
pub struct Base<'e> {
    root: Handle,
    /// The types that the definition itself gives its elements, by path: what is abstract in the base takes its
    /// children from them.
    types: FxHashMap<String, Vec<String>>,
    found: FxHashMap<String, Found<'e>>,
}

impl<'e> Base<'e> {
    /// The elements below this root, for a definition that gives its own elements these types.
    pub fn new(root: Handle, types: FxHashMap<String, Vec<String>>) -> Base<'e> {
        Base { root, types, found: FxHashMap::default() }
    }

    /// The element of an id, or of a path, which is an id without slices. The first name is not looked at.
    pub fn find(&mut self, scene: &Scene<'e, '_>, id: &str) -> Found<'e> {
        if id.matches('.').count() >= MAX_DEPTH {
            return Found::Unknown;
        }
        let mut at = Found::Spot(Spot { row: self.root, whole: self.root, narrowed: None, is_new_slice: false });
        let ends = id.match_indices('.').map(|(end, _)| end).skip(1).chain([id.len()]);
        let mut start = id.find('.').map_or(id.len(), |dot| dot + 1);
        for end in ends {
            let Some(name) = id.get(start..end).filter(|_| start < end) else { break };
            let prefix = &id[..end];
            at = match self.found.get(prefix) {
                Some(known) => *known,
                None => {
                    let found = self.step(scene, at, &id[..start - 1], name);
                    self.found.insert(prefix.to_owned(), found);
                    found
                }
            };
            start = end + 1;
        }
        at
    }

    /// The types that the definition itself gives an element, by its id or path.
    pub fn given(&self, id: &str) -> Vec<&str> {
        self.types.get(plain(id).as_str()).into_iter().flatten().map(String::as_str).collect()
    }

    /// Whether a type is known and has no child of this name.
    pub fn lacks(&self, scene: &Scene<'e, '_>, code: &str, name: &str) -> bool {
        let name = name.split(':').next().unwrap_or(name);
        let root = scene.set.core_type(code).and_then(|t| scene.set.root(t));
        root.is_some_and(|root| among(scene, root, name).is_none())
    }

    fn step(&self, scene: &Scene<'e, '_>, from: Found<'e>, above: &str, name: &str) -> Found<'e> {
        let spot = match from {
            Found::Spot(spot) => spot,
            Found::Missing | Found::Nowhere => return Found::Nowhere,
            Found::Unknown => return Found::Unknown,
        };
        let (name, slice) = name.split_once(':').map_or((name, None), |(n, s)| (n, Some(s)));
        match (self.child(scene, spot, above, name), slice) {
            (Found::Spot(found), Some(slice)) => Found::Spot(in_slice(scene, found, slice)),
            (found, _) => found,
        }
    }

    /// The child of this name: of the element's own, of the element whose content it takes over, or of its types.
    fn child(&self, scene: &Scene<'e, '_>, of: Spot<'e>, path: &str, name: &str) -> Found<'e> {
        let set = scene.set;
        let Some(row) = set.element(of.row) else { return Found::Unknown };
        let content = (row.content != NONE).then_some(Handle { layer: of.row.layer, row: row.content });
        for holder in std::iter::once(of.row).chain(content) {
            if let Some(found) = among(scene, holder, name) {
                return Found::Spot(found);
            }
        }
        let mut unknown = false;
        let own = plain(path);
        let given = self.types.get(own.as_str()).into_iter().flatten().map(String::as_str);
        for code in types_of(scene, of).chain(given) {
            match set.core_type(code).and_then(|t| set.root(t)) {
                Some(root) => {
                    if let Some(found) = among(scene, root, name) {
                        return Found::Spot(found);
                    }
                }
                // Any type is allowed there, or one that is not loaded.
                None => unknown = true,
            }
        }
        if unknown { Found::Unknown } else { Found::Missing }
    }
}

/// An id without its slices: the path.
pub fn plain(id: &str) -> String {
    let names: Vec<&str> = id.split('.').map(|name| name.split(':').next().unwrap_or(name)).collect();
    names.join(".")
}

/// The names of the types that an element of the base may have.
pub fn types_of<'e>(scene: &Scene<'e, '_>, spot: Spot<'e>) -> impl Iterator<Item = &'e str> + use<'e> {
    let set = scene.set;
    let image = set.layer(spot.row.layer);
    let rows = match spot.narrowed {
        None => set.element(spot.row).map(|e| image.type_refs(e.types)).unwrap_or_default(),
        Some(_) => &[],
    };
    spot.narrowed.into_iter().chain(rows.iter().map(|t| image.str(t.code)))
}

/// The child of an element row that a path names so.
fn among<'e>(scene: &Scene<'e, '_>, holder: Handle, name: &str) -> Option<Spot<'e>> {
    let set = scene.set;
    let image = set.layer(holder.layer);
    let mut at = set.element(holder)?.first_child;
    while let Some(e) = image.element(at).filter(|_| at != NONE) {
        let row = Handle { layer: holder.layer, row: at };
        let own = last_name(image.str(e.id));
        if own == name {
            return Some(Spot { row, whole: row, narrowed: None, is_new_slice: false });
        }
        if e.flags & ELEMENT_CHOICE != 0
            && let Some(suffix) = own.strip_suffix("[x]").and_then(|choice_base| name.strip_prefix(choice_base))
            && let Some(code) =
                image.type_refs(e.types).iter().map(|t| image.str(t.code)).find(|code| is_suffix(code, suffix))
        {
            return Some(Spot { row, whole: row, narrowed: Some(code), is_new_slice: true });
        }
        at = e.next;
    }
    None
}

/// The last name of an element's id, without its slice.
fn last_name(id: &str) -> &str {
    let name = id.rsplit('.').next().unwrap_or(id);
    name.split(':').next().unwrap_or(name)
}

/// Whether a choice's name ends with this type: `dateTime` as `DateTime`.
fn is_suffix(code: &str, suffix: &str) -> bool {
    let (Some(a), Some(b)) = (code.chars().next(), suffix.chars().next()) else { return false };
    a.to_ascii_uppercase() == b && code.get(1..) == suffix.get(1..)
}

/// The slice of an element, where the base has it; else the element itself, for a slice of the definition's own.
fn in_slice<'e>(scene: &Scene<'e, '_>, spot: Spot<'e>, slice: &str) -> Spot<'e> {
    let set = scene.set;
    let image = set.layer(spot.row.layer);
    let row = |at: u32| image.element(at).filter(|_| at != NONE);
    let Some(e) = set.element(spot.row) else { return spot };
    let mut at = e.first_slice;
    while let Some(s) = row(at) {
        if image.str(s.slice_name) == slice {
            return Spot { row: Handle { layer: spot.row.layer, row: at }, ..spot };
        }
        at = s.next_slice;
    }
    Spot { narrowed: spot.narrowed.or_else(|| type_of_slice(scene, spot, &e, slice)), is_new_slice: true, ..spot }
}

/// The type that a slice of a choice is named after: `valueQuantity` of `value[x]`.
fn type_of_slice<'e>(scene: &Scene<'e, '_>, spot: Spot<'e>, e: &ElementRow, slice: &str) -> Option<&'e str> {
    let image = scene.set.layer(spot.row.layer);
    let suffix = slice.strip_prefix(last_name(image.str(e.id)).strip_suffix("[x]")?)?;
    image.type_refs(e.types).iter().map(|t| image.str(t.code)).find(|code| is_suffix(code, suffix))
}
