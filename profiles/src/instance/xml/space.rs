//! XML namespaces (https://www.w3.org/TR/xml-names/), as far as FHIR uses them.

/// What a namespace is to FHIR (https://hl7.org/fhir/R4/xml.html).
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

/// The declarations in scope, the innermost last.
#[derive(Default)]
pub(super) struct Spaces<'t> {
    /// How deep the element stands that declares it, from 1; the prefix; the namespace.
    declared: Vec<(usize, &'t str, Space)>,
}

impl<'t> Spaces<'t> {
    /// Takes an attribute of an element that stands so deep; any but `xmlns` and `xmlns:prefix` is passed over.
    pub(super) fn declare(&mut self, depth: usize, attribute: &'t str, value: &str) {
        let prefix = if attribute == "xmlns" { Some("") } else { attribute.strip_prefix("xmlns:") };
        if let Some(prefix) = prefix {
            self.declared.push((depth, prefix, Space::named(value)));
        }
    }

    /// Forgets what stood deeper.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|d| d.0 > depth) {
            self.declared.pop();
        }
    }

    /// The namespace of an element by its name as written.
    pub(super) fn of(&self, name: &str) -> Space {
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        self.declared.iter().rev().find(|d| d.1 == prefix).map_or(Space::Other, |d| d.2)
    }
}
