//! XML namespaces (<https://www.w3.org/TR/xml-names/>), as far as FHIR uses them.

use rustc_hash::FxHashMap;

/// What a namespace is to FHIR (<https://hl7.org/fhir/R4/xml.html>).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Space {
    Fhir,
    Xhtml,
    /// Another one, or none.
    Other,
}

impl Space {
    fn named(uri: &str) -> Space {
        match uri {
            "http://hl7.org/fhir" => Space::Fhir,
            "http://www.w3.org/1999/xhtml" => Space::Xhtml,
            _ => Space::Other,
        }
    }
}

/// A prefix, maybe the empty one, with its namespace.
struct Declared<'t> {
    /// The depth of the element that declares it, from 1.
    depth: usize,
    prefix: &'t str,
    space: Space,
    /// The declaration of the same prefix that this one hides.
    hides: Option<usize>,
}

/// The declarations in scope, the innermost last.
#[derive(Default)]
pub(super) struct Spaces<'t> {
    declared: Vec<Declared<'t>>,
    /// For each prefix its innermost declaration.
    innermost: FxHashMap<&'t str, usize>,
}

impl<'t> Spaces<'t> {
    /// Takes an attribute of an element at this depth; any but `xmlns` and `xmlns:prefix` is ignored.
    pub(super) fn declare(&mut self, depth: usize, attribute: &'t str, value: &str) {
        let prefix = if attribute == "xmlns" { Some("") } else { attribute.strip_prefix("xmlns:") };
        if let Some(prefix) = prefix {
            let hides = self.innermost.insert(prefix, self.declared.len());
            self.declared.push(Declared { depth, prefix, space: Space::named(value), hides });
        }
    }

    /// Forgets the declarations of deeper elements.
    pub(super) fn leave(&mut self, depth: usize) {
        while let Some(last) = self.declared.pop_if(|d| d.depth > depth) {
            match last.hides {
                Some(outer) => _ = self.innermost.insert(last.prefix, outer),
                None => _ = self.innermost.remove(last.prefix),
            }
        }
    }

    /// The namespace of an element by its name as written.
    pub(super) fn of(&self, name: &str) -> Space {
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        self.innermost.get(prefix).and_then(|at| self.declared.get(*at)).map_or(Space::Other, |d| d.space)
    }
}
