//! A StructureDefinition with its snapshot.

use serde_json::Value;

use super::element::Element;

/// A StructureDefinition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Structure {
    /// Its url.
    pub url: String,
    /// Its business version; empty where it has none.
    pub version: String,
    /// The type that it defines or constrains.
    pub type_name: String,
    /// `primitive-type`, `complex-type`, `resource` or `logical`.
    pub kind: String,
    /// Whether it constrains a type, and defines none.
    pub is_profile: bool,
    /// The elements of its snapshot; the first is the whole.
    pub elements: Vec<Element>,
}

impl Structure {
    /// Reads a StructureDefinition with these elements of a snapshot.
    pub(super) fn read(definition: &Value, elements: &[Value]) -> Structure {
        let text = |name: &str| definition.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Structure {
            url: text("url"),
            version: text("version"),
            type_name: text("type"),
            kind: text("kind"),
            is_profile: text("derivation") == "constraint",
            elements: elements.iter().map(Element::read).collect(),
        }
    }

    /// `url|version`.
    pub fn canonical(&self) -> String {
        match &*self.version {
            "" => self.url.clone(),
            version => format!("{}|{version}", self.url),
        }
    }

    /// The last part of its url: a short name.
    pub fn short_name(&self) -> &str {
        self.url.rsplit('/').next().unwrap_or_default()
    }

    /// The places of the children of an element that are no slices, by its own place.
    pub(super) fn children(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let path = self.elements.get(at).map_or("", |e| &*e.path);
        let id = self.elements.get(at).map_or("", |e| &*e.id);
        let rest = self.elements.iter().enumerate().skip(at + 1);
        let below = rest.take_while(move |(_, e)| e.path.strip_prefix(path).is_some_and(|p| p.starts_with('.')));
        below
            .filter(move |(_, e)| {
                let own = e.path.get(path.len() + 1..).unwrap_or_default();
                let is_of_this = e.id.strip_prefix(id).is_none_or(|p| p.starts_with('.'));
                !own.contains('.') && e.slice.is_none() && is_of_this
            })
            .map(|(i, _)| i)
    }

    /// The places of the slices of an element.
    pub(super) fn slices(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let path = self.elements.get(at).map_or("", |e| &*e.path);
        let id = self.elements.get(at).map_or("", |e| &*e.id);
        let rest = self.elements.iter().enumerate().skip(at + 1);
        let is_slice = move |e: &Element| e.path == path && e.id.strip_prefix(id).is_some_and(|p| p.starts_with(':'));
        rest.filter(move |(_, e)| is_slice(e)).map(|(i, _)| i)
    }

    /// The place of the element with an id.
    pub(super) fn by_id(&self, id: &str) -> Option<usize> {
        self.elements.iter().position(|e| e.id == id)
    }
}
