//! What was read, of whichever format, written as FHIR JSON (<https://hl7.org/fhir/R4/json.html>). XML says neither
//! what
//! repeats nor what is a number; the model does. Digits of numbers stay as they are.

use rustc_hash::FxHashMap;

use super::{Model, TypeId};
use crate::instance::{Fault, FaultKind, Kind, Limits, LineIndex, NameId, Node, Place, Tape, parse_xml};

/// Why a document in XML cannot be written as JSON: a fault of its syntax, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The fault itself.
    pub fault: Fault,
    /// Line and column of it.
    pub place: Place,
}

impl Damage {
    /// The first fault of a document that loses content. An attribute or an instruction that FHIR does not have says
    /// nothing, and an element in the place of an attribute is read as one.
    pub fn of(tape: &Tape<'_>) -> Option<Damage> {
        let fault = tape.faults().iter().find(|f| {
            !matches!(
                f.kind,
                FaultKind::Attribute | FaultKind::NoAttribute | FaultKind::Instruction | FaultKind::Encoding
            )
        })?;
        Some(Damage { fault: fault.clone(), place: LineIndex::new(tape.text()).place(fault.span.start) })
    }
}

/// Reads a resource in XML and writes it as JSON.
///
/// # Errors
/// [`Damage::of`] the document.
pub fn xml_to_json(text: &[u8], model: &Model, limits: &Limits) -> Result<String, Damage> {
    let tape = parse_xml(text, model.names(), limits);
    if let Some(damage) = Damage::of(&tape) {
        return Err(damage);
    }
    Ok(tape.root().map_or_else(String::new, |root| node_json(root, model.resource_type(root), model)))
}

/// The JSON of a node of this type: an object, or the value of a primitive (`null` where it has none). What the model
/// does not know is written as it stands: in XML with a value a string, several of one name an array.
pub fn node_json(node: Node<'_>, type_id: TypeId, model: &Model) -> String {
    let mut writer = Writer { model, element: model.find("Element").unwrap_or_default(), out: String::new() };
    writer.node(node, type_id);
    writer.out
}

/// What a primitive has besides its value: the node of its `id` and extensions.
pub fn primitive_extension<'t>(node: Node<'t>, type_id: TypeId, model: &Model) -> Option<Node<'t>> {
    node.primitive_extension()
        .filter(|t| t.is_object())
        .or_else(|| Some(node).filter(|n| n.is_object() && model.is_primitive(type_id)))
}

/// A node with its type.
type Typed<'t> = (Node<'t>, TypeId);

struct Writer<'m> {
    model: &'m Model,
    /// The type of which a primitive's own children are, where the primitive is not known.
    element: TypeId,
    out: String,
}

/// A node's children by name, in the order in which each name comes first.
fn by_name(n: Node<'_>) -> Vec<Vec<Node<'_>>> {
    let mut groups: Vec<Vec<Node<'_>>> = Vec::new();
    let mut places: FxHashMap<NameId, usize> = FxHashMap::default();
    for child in n.children() {
        let place = *places.entry(child.name()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(child),
            None => groups.push(vec![child]),
        }
    }
    groups
}

impl Writer<'_> {
    fn node(&mut self, n: Node<'_>, type_id: TypeId) {
        match n.kind() {
            Kind::Object => self.object(n, type_id),
            Kind::String | Kind::Number | Kind::True | Kind::False => self.primitive(n, type_id),
            Kind::EmptyArray => self.out.push_str("[]"),
            Kind::Null | Kind::Absent | Kind::NestedArray => self.out.push_str("null"),
        }
    }

    fn object(&mut self, n: Node<'_>, type_id: TypeId) {
        self.out.push('{');
        for entries in by_name(n) {
            self.member(type_id, &entries);
        }
        self.out.push('}');
    }

    /// All elements of one name.
    fn member(&mut self, parent: TypeId, entries: &[Node<'_>]) {
        let Some(first) = entries.first() else { return };
        let listed = self.model.child(parent, first.name()).map_or(first.in_array(), |row| row.is_list());
        let repeats = entries.len() > 1 || listed && first.kind() != Kind::EmptyArray;
        let typed: Vec<Typed<'_>> = entries.iter().map(|e| (*e, self.model.type_of_child(parent, *e))).collect();
        let has_value = |model: &Model, (n, t): Typed<'_>| {
            !(n.is_object() && model.is_primitive(t) || matches!(n.kind(), Kind::Absent | Kind::Null))
        };
        if typed.iter().any(|e| has_value(self.model, *e)) {
            self.key("", first.name_text());
            self.list(
                &typed,
                repeats,
                |w, (n, t)| if has_value(w.model, (n, t)) { w.node(n, t) } else { w.out.push_str("null") },
            );
        }
        let beside = |model: &Model, (n, t): Typed<'_>| {
            primitive_extension(n, t, model).is_some() && n.children().next().is_some()
        };
        if typed.iter().any(|e| beside(self.model, *e)) {
            self.key("_", first.name_text());
            let write = |w: &mut Self, (n, t): Typed<'_>| match primitive_extension(n, t, w.model) {
                Some(primitive_extension) if beside(w.model, (n, t)) => {
                    w.object(primitive_extension, if t.is_known() { t } else { w.element })
                }
                _ => w.out.push_str("null"),
            };
            self.list(&typed, repeats, write);
        }
    }

    fn key(&mut self, mark: &str, name: &str) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        self.string(&format!("{mark}{name}"));
        self.out.push(':');
    }

    /// One value, or an array of all.
    fn list<'t>(&mut self, entries: &[Typed<'t>], repeats: bool, write: impl Fn(&mut Self, Typed<'t>)) {
        if repeats {
            self.out.push('[');
        }
        for (i, entry) in entries.iter().enumerate() {
            if i > 0 {
                self.out.push(',');
            }
            write(self, *entry);
        }
        if repeats {
            self.out.push(']');
        }
    }

    /// A value as its type wants it written; one that is none of its type stays a string.
    fn primitive(&mut self, n: Node<'_>, type_id: TypeId) {
        let text = n.text();
        let is_number = || serde_json::from_str::<serde_json::Number>(&text).is_ok();
        let bare = match (n.kind(), self.model.type_name(type_id)) {
            (Kind::True | Kind::False, _) => true,
            (Kind::Number, _) => is_number(),
            (_, "boolean") if n.tape().is_xml() => matches!(&*text, "true" | "false"),
            (_, "integer" | "unsignedInt" | "positiveInt" | "decimal") if n.tape().is_xml() => is_number(),
            _ => false,
        };
        if bare {
            self.out.push_str(&text);
        } else {
            self.string(&text);
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push_str(&serde_json::Value::from(text).to_string());
    }
}
