//! The way from a resource down to an object in it, along every structure that has a say there.

use std::sync::Arc;

use super::cache::Definitions;
use super::element::{Element, TypeRef};
use super::structure::Structure;
use crate::cursor::Level;

/// An element of a structure.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The structure.
    pub structure: Arc<Structure>,
    /// The place of the element in it.
    pub at: usize,
}

/// The elements on the way to an object.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// For each level the elements whose children its members are, definitions of types before profiles.
    pub inside: Vec<Spot>,
    /// The elements that the levels are, without the first: that is a resource.
    pub steps: Vec<Vec<Spot>>,
}

impl Spot {
    fn root(structure: Arc<Structure>) -> Spot {
        Spot { structure, at: 0 }
    }

    /// The element; `None` never, where the spot comes from a way.
    pub fn element(&self) -> Option<&Element> {
        self.structure.elements.get(self.at)
    }

    /// The name of the type that the element has under this name; `None` where it has none.
    pub fn type_named(&self, name: &str) -> Option<String> {
        types_of(self.element()?, name).next().map(|t| t.code.clone())
    }

    /// The urls that slices of an extension are told by: each with the slice.
    pub fn urls(&self) -> Vec<(String, &Element)> {
        let mut all = Vec::new();
        for at in self.structure.slices(self.at) {
            let Some(slice) = self.structure.elements.get(at) else { continue };
            let own = self.structure.children(at).filter_map(|at| self.structure.elements.get(at));
            let fixed = own.filter(|e| e.name() == "url").filter_map(|e| e.value.as_ref()?.1.as_str());
            let urls = fixed.chain(slice.types.iter().flat_map(|t| &t.profiles).map(|p| &**p));
            all.extend(urls.map(|url| (url.to_owned(), slice)));
        }
        all
    }

    /// The slices of the element.
    pub fn slices(&self) -> impl Iterator<Item = &Element> {
        self.structure.slices(self.at).filter_map(|at| self.structure.elements.get(at))
    }

    fn is(&self, other: &Spot) -> bool {
        self.at == other.at && Arc::ptr_eq(&self.structure, &other.structure)
    }
}

/// Adds a spot that is not there yet.
fn add(all: &mut Vec<Spot>, spot: Spot) {
    if !all.iter().any(|s| s.is(&spot)) {
        all.push(spot);
    }
}

/// The name of a choice with a type: `value[x]` and `Quantity` is `valueQuantity`.
pub(super) fn chosen(choice: &str, code: &str) -> String {
    let mut letters = code.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase()).into_iter();
    choice.trim_end_matches("[x]").chars().chain(first).chain(letters).collect()
}

/// Whether an instance may name an element so.
fn is_named(element: &Element, name: &str) -> bool {
    element.name() == name
        || element.is_choice() && element.types.iter().any(|t| chosen(element.name(), &t.code) == name)
}

/// The types that an element of this name has.
fn types_of<'e>(element: &'e Element, name: &'e str) -> impl Iterator<Item = &'e TypeRef> {
    let all = element.types.iter();
    all.filter(move |t| !element.is_choice() || chosen(element.name(), &t.code) == name)
}

impl Definitions<'_> {
    /// The way to the last of the levels; `None` where the first of them says no type that is known. `asked` are
    /// profiles that the resource is held against beside those that it claims.
    pub fn way(&self, levels: &[Arc<Level>], asked: &[String]) -> Option<Way> {
        let (first, rest) = levels.split_first()?;
        let mut way = Way { inside: self.resource(first, asked)?, steps: Vec::new() };
        for level in rest {
            let step = self.child(&way.inside, &level.name);
            way.inside = self.enter(&step, level);
            way.steps.push(step);
        }
        Some(way)
    }

    /// The roots of the structures that a resource is held against.
    fn resource(&self, level: &Level, asked: &[String]) -> Option<Vec<Spot>> {
        let resource_type = level.resource_type.as_deref()?;
        let base = self.of_type(resource_type)?;
        let mut all = vec![Spot::root(base)];
        for profile in level.profiles.iter().chain(asked) {
            let of_type = self.structure(profile).filter(|s| s.type_name == resource_type);
            of_type.into_iter().for_each(|s| add(&mut all, Spot::root(s)));
        }
        Some(all)
    }

    /// The elements that a member of this name is.
    pub fn child(&self, inside: &[Spot], name: &str) -> Vec<Spot> {
        let mut found = Vec::new();
        for spot in inside {
            let named = |at: &usize| spot.structure.elements.get(*at).is_some_and(|e| is_named(e, name));
            for at in spot.structure.children(spot.at).filter(named) {
                add(&mut found, Spot { structure: Arc::clone(&spot.structure), at });
                // The slice of a choice for one of its types is named as the instance names it.
                let of_type = |at: &usize| {
                    spot.structure.elements.get(*at).is_some_and(|e| e.is_choice() && e.slice.as_deref() == Some(name))
                };
                let slices = spot.structure.slices(at).filter(of_type);
                slices.for_each(|at| add(&mut found, Spot { structure: Arc::clone(&spot.structure), at }));
            }
        }
        found
    }

    /// The elements whose children the members of a level are; `step` is what the level is.
    fn enter(&self, step: &[Spot], level: &Level) -> Vec<Spot> {
        let mut all = Vec::new();
        for spot in step {
            let Some(element) = spot.element() else { continue };
            if let Some(at) = element.content.as_deref().and_then(|id| spot.structure.by_id(id)) {
                add(&mut all, Spot { structure: Arc::clone(&spot.structure), at });
                continue;
            }
            let has_children = spot.structure.children(spot.at).next().is_some();
            for type_ref in types_of(element, &level.name) {
                if level.resource_type.is_some() {
                    self.resource(level, &type_ref.profiles).into_iter().flatten().for_each(|s| add(&mut all, s));
                    continue;
                }
                let is_in_place = has_children && matches!(&*type_ref.code, "BackboneElement" | "Element");
                let of_type = self.of_type(&type_ref.code).filter(|_| !is_in_place);
                let profiles = type_ref.profiles.iter().filter_map(|p| self.structure(p));
                of_type.into_iter().chain(profiles).for_each(|s| add(&mut all, Spot::root(s)));
            }
            if has_children {
                add(&mut all, spot.clone());
            }
        }
        if matches!(&*level.name, "extension" | "modifierExtension") {
            let known = level.fact("url").and_then(|url| self.structure(url)).filter(|s| s.type_name == "Extension");
            known.into_iter().for_each(|s| add(&mut all, Spot::root(s)));
        }
        all.sort_by_key(|s| s.structure.is_profile);
        all
    }
}
