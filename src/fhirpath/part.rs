//! Items as parts of a Parameters resource (<https://hl7.org/fhir/R4/parameters.html>), as the FHIRPath Lab reads them
//! (<https://github.com/brianpos/fhirpath-lab/blob/develop/server-api.md>).

use fhir_accord_profiles::explain::expression as path_of;
use fhir_accord_profiles::fhirpath::{CalendarUnit, Item, Quantity, Temporal, TemporalKind, Typing};
use fhir_accord_profiles::instance::{Node, Tape};
use fhir_accord_profiles::model::{Model, TypeId, node_json, primitive_extension};
use serde_json::Value;

/// The extension that holds a value which no `value[x]` can hold.
pub const JSON_VALUE: &str = "http://fhir.forms-lab.com/StructureDefinition/json-value";
/// The extension that holds the path of an element.
pub const RESOURCE_PATH: &str = "http://fhir.forms-lab.com/StructureDefinition/resource-path";
/// The extension of a part that is an open question.
pub const OPEN_QUESTION: &str = "https://accord.example/StructureDefinition/open-question";

/// A text as JSON.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The type of a parameter of Parameters; unknown where the model has none.
pub fn parameter_type(model: &Model) -> TypeId {
    let rows = model.find("Parameters").map_or(&[][..], |t| model.children(t));
    rows.iter().find(|r| model.names().text(r.name) == "parameter").map_or(TypeId::UNKNOWN, |r| r.type_id)
}

/// Writes items as parts. Numbers keep their digits, so what it writes is text, not a tree.
#[derive(Clone)]
pub struct Writer<'t> {
    typing: &'t Typing<'t>,
    /// The instance whose elements are named by their paths.
    home: &'t Tape<'t>,
    /// The type of a parameter, whose `value[x]` says which values a part may hold.
    parameter: TypeId,
    /// What comes before the names of parts.
    prefix: &'static str,
}

impl<'t> Writer<'t> {
    /// A writer of items of the instance `home`, by the types of `typing`.
    pub fn new(typing: &'t Typing<'t>, home: &'t Tape<'t>) -> Writer<'t> {
        Writer { typing, home, parameter: parameter_type(typing.model()), prefix: "" }
    }

    fn model(&self) -> &'t Model {
        self.typing.model()
    }

    /// The same, with names of parts that start so.
    pub fn prefixed(&self, prefix: &'static str) -> Writer<'t> {
        Writer { prefix, ..self.clone() }
    }

    /// The part that names an element of the instance by its path; `None` for any other item.
    pub fn place_part(&self, item: &Item<'t>) -> Option<String> {
        let node = item.as_node().filter(|n| std::ptr::eq(n.tape(), self.home))?;
        Some(self.made(&[], "resource-path", &[("valueString", quoted(&path_of(node, self.model())))]))
    }

    /// Whether an item is an element with elements in it.
    pub fn is_complex(&self, item: &Item<'t>) -> bool {
        matches!(item, Item::Node(_, t) if t.is_known() && !self.model().is_primitive(*t))
    }

    /// The JSON of a part.
    fn made(&self, extensions: &[String], name: &str, members: &[(&str, String)]) -> String {
        if self.prefix.is_empty() {
            part(extensions, name, members)
        } else {
            part(extensions, &format!("{}{name}", self.prefix), members)
        }
    }

    /// The JSON of an item's part: its type as name, its value, its path where it is an element of the instance.
    pub fn part(&self, item: &Item<'t>) -> String {
        match item {
            Item::Node(node, t) => self.element(*node, *t),
            Item::Unknown(t) => {
                let name = self.model().type_name(*t);
                let name = if name.is_empty() { "unknown" } else { name };
                self.made(&[extension(OPEN_QUESTION, "true", "valueBoolean")], name, &[])
            }
            Item::Bool(b) => self.value("boolean", b.to_string()),
            Item::Integer(n) => self.value("integer", n.to_string()),
            Item::Long(n) => self.value("integer64", n.to_string()),
            Item::Decimal(d) => self.value("decimal", d.to_string()),
            Item::Str(_) | Item::Text(_) => match item.as_str() {
                Some("") | None => self.made(&[], "empty-string", &[]),
                Some(text) => self.value("string", quoted(text)),
            },
            Item::Temporal(t) => self.value(temporal_type(*t), quoted(&t.text())),
            Item::Quantity(q) => self.value("Quantity", quantity(q)),
            Item::Type(t) => {
                let json = format!("{{\"namespace\":{},\"name\":{}}}", quoted(t.namespace), quoted(&t.name));
                self.made(&[extension(JSON_VALUE, &quoted(&json), "valueString")], "TypeInfo", &[])
            }
        }
    }

    /// A value of a type by its name; as JSON in an extension where a part has no place for the type.
    fn value(&self, type_name: &str, json: String) -> String {
        let place = self.model().find(type_name).and_then(|t| self.place(t));
        match place {
            Some(place) => self.made(&[], type_name, &[(place, json)]),
            None => self.made(&[extension(JSON_VALUE, &quoted(&json), "valueString")], type_name, &[]),
        }
    }

    /// The name of `value[x]` for a type.
    fn place(&self, t: TypeId) -> Option<&'t str> {
        let model = self.model();
        let row = model.children(self.parameter).iter().find(|r| r.is_choice() && r.type_id == t);
        row.map(|r| model.names().text(r.name))
    }

    fn element(&self, node: Node<'t>, t: TypeId) -> String {
        let model = self.model();
        let mut extensions = Vec::new();
        if std::ptr::eq(node.tape(), self.home) {
            extensions.push(extension(RESOURCE_PATH, &quoted(&path_of(node, model)), "valueString"));
        }
        let name = match model.type_name(t) {
            "" if node.has_value() => "string",
            "" => "unknown",
            name => name,
        };
        if t.is_known() && model.is_resource(t) {
            return self.made(&extensions, name, &[("resource", node_json(node, t, model))]);
        }
        let Some(place) = self.place(t) else {
            extensions.push(extension(JSON_VALUE, &quoted(&node_json(node, t, model)), "valueString"));
            return self.made(&extensions, name, &[]);
        };
        if !model.is_primitive(t) {
            return self.made(&extensions, name, &[(place, node_json(node, t, model))]);
        }
        let extension_place = format!("_{place}");
        let mut members = Vec::new();
        if node.has_value() {
            members.push((place, node_json(node, t, model)));
        }
        if let Some(primitive_extension) = primitive_extension(node, t, model) {
            members.push((&extension_place, node_json(primitive_extension, t, model)));
        }
        self.made(&extensions, name, &members)
    }
}

fn temporal_type(t: Temporal) -> &'static str {
    match t.kind {
        TemporalKind::Date => "date",
        TemporalKind::DateTime => "dateTime",
        TemporalKind::Time => "time",
    }
}

/// A quantity of FHIRPath as FHIR's; words of the calendar have their UCUM codes
/// (<https://hl7.org/fhir/R4/fhirpath.html#quantity>).
fn quantity(q: &Quantity) -> String {
    let calendar = CalendarUnit::from_word(&q.unit).filter(|_| q.calendar);
    let (unit, code) = (quoted(&q.unit), quoted(calendar.map_or(&q.unit, |u| u.ucum())));
    format!("{{\"value\":{},\"unit\":{unit},\"system\":\"http://unitsofmeasure.org\",\"code\":{code}}}", q.value)
}

fn extension(url: &str, json: &str, place: &str) -> String {
    format!("{{\"url\":{},\"{place}\":{json}}}", quoted(url))
}

/// The JSON of a part from the JSON of its members.
fn part(extensions: &[String], name: &str, members: &[(&str, String)]) -> String {
    let mut out = String::from("{");
    if !extensions.is_empty() {
        out.push_str(&format!("\"extension\":[{}],", extensions.join(",")));
    }
    out.push_str(&format!("\"name\":{}", quoted(name)));
    for (key, json) in members {
        out.push_str(&format!(",\"{key}\":{json}"));
    }
    out.push('}');
    out
}
