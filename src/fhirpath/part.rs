//! Items as parts of a Parameters resource (https://hl7.org/fhir/R4/parameters.html), as the FHIRPath Lab reads them
//! (https://github.com/brianpos/fhirpath-lab/blob/develop/server-api.md).

use fhir_accord_profiles::explain::expression as path_of;
use fhir_accord_profiles::fhirpath::{CalendarUnit, Item, Quantity, Temporal, TemporalKind, Typing};
use fhir_accord_profiles::instance::{Node, Tape};
use fhir_accord_profiles::model::{Model, TypeId, node_json, twin};
use serde_json::Value;

/// The extension that holds a value which no `value[x]` can hold.
pub const JSON_VALUE: &str = "http://fhir.forms-lab.com/StructureDefinition/json-value";
/// The extension that holds the path of an element.
pub const RESOURCE_PATH: &str = "http://fhir.forms-lab.com/StructureDefinition/resource-path";
/// The extension of a part that stands for an open question.
pub const OPEN_QUESTION: &str = "https://accord.example/StructureDefinition/open-question";

/// A text as JSON.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Writes items as parts. Numbers keep their digits, so what it writes is text, not a tree.
#[derive(Clone)]
pub struct Writer<'t> {
    typing: &'t Typing<'t>,
    /// The instance whose elements are told by their paths.
    home: &'t Tape<'t>,
    /// The type of a parameter, whose `value[x]` says which values a part may hold.
    parameter: TypeId,
}

impl<'t> Writer<'t> {
    pub fn new(typing: &'t Typing<'t>, home: &'t Tape<'t>) -> Writer<'t> {
        let model = typing.model();
        let rows = model.find("Parameters").map_or(&[][..], |t| model.children(t));
        let parameter = rows.iter().find(|r| model.names().text(r.name) == "parameter").map_or(TypeId::UNKNOWN, |r| r.type_id);
        Writer { typing, home, parameter }
    }

    fn model(&self) -> &'t Model {
        self.typing.model()
    }

    /// The JSON of an item's part: its type as name, its value, its path where it is an element of the instance.
    pub fn part(&self, item: &Item<'t>) -> String {
        match item {
            Item::Node(node, t) => self.element(*node, *t),
            Item::Unknown(t) => {
                let name = self.model().type_name(*t);
                let name = if name.is_empty() { "unknown" } else { name };
                part(&[extension(OPEN_QUESTION, "true", "valueBoolean")], name, &[])
            }
            Item::Bool(b) => self.value("boolean", b.to_string()),
            Item::Integer(n) => self.value("integer", n.to_string()),
            Item::Long(n) => self.value("integer64", n.to_string()),
            Item::Decimal(d) => self.value("decimal", d.to_string()),
            Item::Str(_) | Item::Text(_) => match item.as_str() {
                Some("") | None => part(&[], "empty-string", &[]),
                Some(text) => self.value("string", quoted(text)),
            },
            Item::Temporal(t) => self.value(temporal_type(*t), quoted(&t.text())),
            Item::Quantity(q) => self.value("Quantity", quantity(q)),
            Item::Type(t) => {
                let json = format!("{{\"namespace\":{},\"name\":{}}}", quoted(t.namespace), quoted(&t.name));
                part(&[extension(JSON_VALUE, &quoted(&json), "valueString")], "TypeInfo", &[])
            }
        }
    }

    /// A value of a type by its name; as JSON in an extension where a part has no place for the type.
    fn value(&self, type_name: &str, json: String) -> String {
        let place = self.model().find(type_name).and_then(|t| self.place(t));
        match place {
            Some(place) => part(&[], type_name, &[(place, json)]),
            None => part(&[extension(JSON_VALUE, &quoted(&json), "valueString")], type_name, &[]),
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
            return part(&extensions, name, &[("resource", node_json(node, t, model))]);
        }
        let Some(place) = self.place(t) else {
            extensions.push(extension(JSON_VALUE, &quoted(&node_json(node, t, model)), "valueString"));
            return part(&extensions, name, &[]);
        };
        if !model.is_primitive(t) {
            return part(&extensions, name, &[(place, node_json(node, t, model))]);
        }
        let twin_place = format!("_{place}");
        let mut members = Vec::new();
        if node.has_value() {
            members.push((place, node_json(node, t, model)));
        }
        if let Some(twin) = twin(node, t, model) {
            members.push((&twin_place, node_json(twin, t, model)));
        }
        part(&extensions, name, &members)
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
/// (https://hl7.org/fhir/R4/fhirpath.html#quantity).
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
